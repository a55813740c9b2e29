//! Numbers and texts as the WAL and the key runs write them: LEB128, zigzag, UTF-8.

/// Why bytes could not be read. Says where the fault is, never what the bytes are.
pub(crate) type Fault = &'static str;

/// Appends `n` as LEB128.
pub(crate) fn put_u64(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

/// Appends `n` after zigzag.
pub(crate) fn put_i64(out: &mut Vec<u8>, n: i64) {
    put_u64(out, ((n << 1) ^ (n >> 63)) as u64);
}

/// Appends the length of `text`, then `text`.
pub(crate) fn put_text(out: &mut Vec<u8>, text: &str) {
    put_u64(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Reads from the front of bytes that passed their checksum. Faults are still possible:
/// checksums are made by programs too.
#[derive(Debug, Clone)]
pub(crate) struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Cursor<'a> {
        Cursor(bytes)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn bytes(&mut self, n: usize) -> Result<&'a [u8], Fault> {
        let (taken, rest) = self.0.split_at_checked(n).ok_or("too short")?;
        self.0 = rest;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let (taken, rest) = self.0.split_first_chunk().ok_or("too short")?;
        self.0 = rest;
        Ok(*taken)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, Fault> {
        Ok(self.array::<1>()?[0])
    }

    pub(crate) fn u64(&mut self) -> Result<u64, Fault> {
        let mut n = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.u8()?;
            n |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(n);
            }
        }
        Err("number of more than 64 bits")
    }

    pub(crate) fn i64(&mut self) -> Result<i64, Fault> {
        let n = self.u64()?;
        Ok((n >> 1) as i64 ^ -((n & 1) as i64))
    }

    pub(crate) fn i32(&mut self) -> Result<i32, Fault> {
        i32::try_from(self.i64()?).map_err(|_| "number of more than 32 bits")
    }

    pub(crate) fn u32(&mut self) -> Result<u32, Fault> {
        u32::try_from(self.u64()?).map_err(|_| "number of more than 32 bits")
    }

    /// A number of entries of at least `size` bytes each that follow.
    pub(crate) fn count(&mut self, size: usize) -> Result<usize, Fault> {
        let n = usize::try_from(self.u64()?).map_err(|_| "count beyond the record")?;
        match n.checked_mul(size) {
            Some(bytes) if bytes <= self.0.len() => Ok(n),
            _ => Err("count beyond the record"),
        }
    }

    pub(crate) fn text(&mut self) -> Result<&'a str, Fault> {
        let n = self.count(1)?;
        std::str::from_utf8(self.bytes(n)?).map_err(|_| "text that is no UTF-8")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_come_back() {
        let mut out = Vec::new();
        let numbers = [0, 1, -1, 63, -64, 64, 1 << 40, i64::MAX, i64::MIN];
        for n in numbers {
            put_i64(&mut out, n);
            put_u64(&mut out, n as u64);
        }
        put_text(&mut out, "gpt-4ö");
        let mut cursor = Cursor::new(&out);
        for n in numbers {
            assert_eq!(cursor.i64(), Ok(n));
            assert_eq!(cursor.u64(), Ok(n as u64));
        }
        assert_eq!(cursor.text(), Ok("gpt-4ö"));
        assert!(cursor.is_empty());
    }

    #[test]
    fn damage_is_a_fault_and_no_panic() {
        assert_eq!(
            Cursor::new(&[0x80; 10]).u64(),
            Err("number of more than 64 bits")
        );
        assert_eq!(
            Cursor::new(&[0xff, 0xff, 0x7f]).count(1),
            Err("count beyond the record")
        );
        assert_eq!(Cursor::new(&[1, 0xff]).text(), Err("text that is no UTF-8"));
        assert_eq!(Cursor::new(&[]).u8(), Err("too short"));
    }
}
