//! The random subset (promise P08).

use std::io;

use crate::consent::Draw;
use crate::random::Random;

/// Largest number of 24 bits.
const LARGEST: u32 = 0xff_ffff;

/// 24 random bits, written as 6 hex digits. Never leaves the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DrawnNumber(u32);

/// How many users a host asks without a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    percent: u8,
}

impl Share {
    /// A share in percent; more than 100 is everybody.
    pub fn percent(percent: u8) -> Share {
        Share { percent }
    }

    /// Whether nobody is asked.
    pub fn is_nobody(self) -> bool {
        self.percent == 0
    }

    /// What a number means in this share.
    pub fn holds(self, number: DrawnNumber) -> Draw {
        // The existing tools' rule: six hex digits, compared with those of the threshold.
        let largest = u64::from(LARGEST);
        let threshold = largest.saturating_mul(u64::from(self.percent)) / 100;
        match self.percent {
            0 => Draw::NoShare,
            _ if u64::from(number.0) <= threshold => Draw::Inside,
            _ => Draw::Outside,
        }
    }
}

impl DrawnNumber {
    /// Draws.
    ///
    /// # Errors
    ///
    /// Those of the random source.
    pub fn draw(random: &dyn Random) -> io::Result<DrawnNumber> {
        let mut bytes = [0; 3];
        random.fill(&mut bytes)?;
        let [a, b, c] = bytes;
        Ok(DrawnNumber(u32::from_be_bytes([0, a, b, c])))
    }

    /// Six hex digits.
    pub(super) fn parse(text: &str) -> Option<DrawnNumber> {
        let hex = text.len() == 6 && text.bytes().all(|b| b.is_ascii_hexdigit());
        let number = u32::from_str_radix(text, 16).ok()?;
        hex.then_some(DrawnNumber(number))
    }

    /// The first six hex digits of the id of the tool before us: it has drawn already, and
    /// nobody is drawn twice.
    pub(super) fn of_uuid(uuid: &str) -> Option<DrawnNumber> {
        DrawnNumber::parse(&uuid.get(..6)?.to_ascii_lowercase())
    }

    /// As six hex digits.
    pub fn spelled(self) -> String {
        format!("{:06x}", self.0)
    }
}
