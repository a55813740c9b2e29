//! Records in files: headers, checksums, alignment.

use crate::codec::Fault;
use crate::policy;

/// The format version in a file's header.
pub(crate) const VERSION: u32 = 1;
/// Bytes of a file's header.
pub(crate) const FILE_HEADER: usize = 32;
/// Bytes of a record's header.
pub(crate) const RECORD_HEADER: usize = 16;

const MAGIC: &[u8; 8] = b"askfwal\0";
const MARKER: &[u8; 4] = b"AFR1";
const ALIGN: usize = 8;

/// The header of file `number`.
pub(crate) fn file_header(number: u64, stamp_ms: i64) -> [u8; FILE_HEADER] {
    let mut header = [0; FILE_HEADER];
    header[..8].copy_from_slice(MAGIC);
    header[8..12].copy_from_slice(&VERSION.to_le_bytes());
    header[12..20].copy_from_slice(&number.to_le_bytes());
    header[20..28].copy_from_slice(&stamp_ms.to_le_bytes());
    let crc = crc32c::crc32c(&header[..28]);
    header[28..].copy_from_slice(&crc.to_le_bytes());
    header
}

/// What a file's header says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Header {
    Known { number: u64, stamp_ms: i64 },
    Newer(u32),
}

/// Reads a file's header.
pub(crate) fn read_file_header(bytes: &[u8]) -> Result<Header, Fault> {
    let header = bytes
        .first_chunk::<FILE_HEADER>()
        .ok_or("no whole header")?;
    if &header[..8] != MAGIC {
        return Err("not a WAL file");
    }
    if u32_at(header, 28) != crc32c::crc32c(&header[..28]) {
        return Err("the header's checksum is wrong");
    }
    let mut stamp = [0; 8];
    stamp.copy_from_slice(&header[20..28]);
    let mut number = [0; 8];
    number.copy_from_slice(&header[12..20]);
    match u32_at(header, 8) {
        VERSION => Ok(Header::Known {
            number: u64::from_le_bytes(number),
            stamp_ms: i64::from_le_bytes(stamp),
        }),
        newer => Ok(Header::Newer(newer)),
    }
}

/// Appends a record whose payload `fill` writes; returns where the payload lies. Its
/// checksum and group are filled in by [`finish`].
pub(crate) fn put(out: &mut Vec<u8>, fill: impl FnOnce(&mut Vec<u8>)) -> (usize, usize) {
    let at = out.len();
    debug_assert_eq!(at % ALIGN, 0);
    out.extend_from_slice(MARKER);
    out.extend_from_slice(&[0; RECORD_HEADER - 4]);
    let start = out.len();
    fill(out);
    let len = out.len() - start;
    out[at + 4..at + 8].copy_from_slice(&(len as u32).to_le_bytes());
    out.resize(out.len().next_multiple_of(ALIGN), 0);
    (start, len)
}

/// Completes a record that will lie in a group beginning at `group` of its file. `start` is
/// where its payload lies in `bytes`.
pub(crate) fn finish(bytes: &mut [u8], start: usize, len: usize, group: u32) {
    let at = start - RECORD_HEADER;
    bytes[at + 12..at + 16].copy_from_slice(&group.to_le_bytes());
    let crc = checksum(&bytes[at..start + len]);
    bytes[at + 8..at + 12].copy_from_slice(&crc.to_le_bytes());
}

/// Over group, length and payload of the record that `record` begins with.
fn checksum(record: &[u8]) -> u32 {
    let crc = crc32c::crc32c(&record[12..16]);
    let crc = crc32c::crc32c_append(crc, &record[4..8]);
    crc32c::crc32c_append(crc, &record[RECORD_HEADER..])
}

/// A whole record, found at an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    /// Of the payload.
    pub(crate) start: usize,
    pub(crate) len: usize,
    /// Where its group begins.
    pub(crate) group: u32,
    /// Where the next record may begin.
    pub(crate) next: usize,
}

/// Why there is no whole record at an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Nothing was written there.
    End,
    /// Something is there.
    Torn(Fault),
}

/// The record at `at` of a file's bytes.
pub(crate) fn record_at(file: &[u8], at: usize) -> Result<Found, Stop> {
    let rest = file.get(at..).unwrap_or_default();
    if rest.iter().take(4).all(|byte| *byte == 0) {
        return Err(Stop::End);
    }
    if rest.len() < RECORD_HEADER || &rest[..4] != MARKER {
        return Err(Stop::Torn("no record where one should begin"));
    }
    let len = u32_at(rest, 4) as usize;
    if len > policy::RECORD_BYTES || len > rest.len() - RECORD_HEADER {
        return Err(Stop::Torn("a record longer than the file"));
    }
    if u32_at(rest, 8) != checksum(&rest[..RECORD_HEADER + len]) {
        return Err(Stop::Torn("a record whose checksum is wrong"));
    }
    let start = at + RECORD_HEADER;
    Ok(Found {
        start,
        len,
        group: u32_at(rest, 12),
        next: (start + len).next_multiple_of(ALIGN),
    })
}

/// The first whole record after `at` whose group began behind `at`: proof that whatever is
/// at `at` had been durable.
pub(crate) fn later_group(file: &[u8], at: usize) -> Option<usize> {
    let candidates = (at + ALIGN..file.len()).step_by(ALIGN);
    let mut marked = candidates.filter(|offset| file[*offset..].starts_with(MARKER));
    marked.find(|offset| record_at(file, *offset).is_ok_and(|found| found.group as usize > at))
}

/// The first whole record behind `at`, whatever its group.
pub(crate) fn next_record(file: &[u8], at: usize) -> Option<usize> {
    let candidates = (at + ALIGN..file.len()).step_by(ALIGN);
    let mut marked = candidates.filter(|offset| file[*offset..].starts_with(MARKER));
    marked.find(|offset| record_at(file, *offset).is_ok())
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let mut four = [0; 4];
    four.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(four)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(groups: &[&[&[u8]]]) -> Vec<u8> {
        let mut file = file_header(7, 5).to_vec();
        for group in groups {
            let begins = file.len() as u32;
            for payload in *group {
                let (start, len) = put(&mut file, |out| out.extend_from_slice(payload));
                finish(&mut file, start, len, begins);
            }
        }
        file.resize(file.len() + 64, 0);
        file
    }

    #[test]
    fn a_header_says_which_file_it_is() {
        let header = file_header(7, -5);
        assert_eq!(
            read_file_header(&header),
            Ok(Header::Known {
                number: 7,
                stamp_ms: -5
            })
        );
        for bit in 0..FILE_HEADER * 8 {
            let mut damaged = header;
            damaged[bit / 8] ^= 1 << (bit % 8);
            read_file_header(&damaged).unwrap_err();
        }
    }

    #[test]
    fn records_are_found_one_after_the_other() {
        let file = file(&[&[b"one", b"two two two"], &[b"three"]]);
        let mut at = FILE_HEADER;
        let mut seen = Vec::new();
        while let Ok(found) = record_at(&file, at) {
            seen.push(&file[found.start..found.start + found.len]);
            at = found.next;
        }
        assert_eq!(seen, [&b"one"[..], b"two two two", b"three"]);
        assert_eq!(record_at(&file, at), Err(Stop::End));
    }

    #[test]
    fn every_flipped_bit_of_a_record_shows() {
        let whole = file(&[&[b"payload"]]);
        for bit in FILE_HEADER * 8..(FILE_HEADER + RECORD_HEADER + 7) * 8 {
            let mut damaged = whole.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(record_at(&damaged, FILE_HEADER).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn d19_damage_before_a_later_group_is_told_from_a_torn_tail() {
        let mut damaged = file(&[&[b"one", b"two"], &[b"three"]]);
        damaged[FILE_HEADER + RECORD_HEADER] ^= 1;
        assert!(later_group(&damaged, FILE_HEADER).is_some());
        let mut torn = file(&[&[b"one", b"two"]]);
        torn[FILE_HEADER + RECORD_HEADER] ^= 1;
        assert_eq!(
            later_group(&torn, FILE_HEADER),
            None,
            "same group: both were unsynced"
        );
    }
}
