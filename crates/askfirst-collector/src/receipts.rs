//! The collector's key, by which its receipts can be told from anybody else's.
//!
//! It lies in the data directory as `receipt.key`, made at the first start. Its public half is
//! what a profile pins; whoever loses the file signs with another key from then on, so it
//! belongs into a backup, and a backup is as secret as it is.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use askfirst_receipt::{PublicKey, SigningKey};
use askfirst_store::RECEIPT_KEY;

use crate::error::Error;

/// The file's name.
const FILE: &str = "receipt.key";

/// The public half of the key in a data directory; none if no collector was ever started there.
///
/// # Errors
///
/// If the file is there and cannot be read, or holds something else.
pub fn receipt_key(data: &Path) -> Result<Option<PublicKey>, Error> {
    Ok(read(&data.join(FILE))?.map(|key| key.public()))
}

/// The key of a data directory, made if there is none.
pub(crate) fn open(data: &Path) -> Result<SigningKey, Error> {
    let path = data.join(FILE);
    if let Some(key) = read(&path)? {
        return Ok(key);
    }
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| Error::Random(error.to_string()))?;
    let key = SigningKey::of_seed(seed).ok_or_else(|| Error::Random("no key".to_owned()))?;
    let written = write(data, &path, &key.spelled());
    written.map_err(|source| Error::ReceiptKey { path, source })?;
    Ok(key)
}

fn read(path: &Path) -> Result<Option<SigningKey>, Error> {
    let failed = |source| Error::ReceiptKey {
        path: path.to_owned(),
        source,
    };
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        text => text.map_err(failed)?,
    };
    let key = text.strip_prefix(RECEIPT_KEY);
    let key = key.and_then(|text| SigningKey::parse(text.trim_end()));
    let other = || io::Error::new(io::ErrorKind::InvalidData, "it is not a receipt key");
    key.map(Some).ok_or_else(|| failed(other()))
}

/// Durable before the first receipt: one signed with a key that is gone after a power cut
/// would be nobody's.
fn write(data: &Path, path: &Path, text: &str) -> io::Result<()> {
    let beside: PathBuf = path.with_extension("tmp");
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    writeln!(file, "{RECEIPT_KEY}{text}")?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    // Directories cannot be opened on every system, and then need not be.
    File::open(data).map_or(Ok(()), |data| data.sync_all())
}
