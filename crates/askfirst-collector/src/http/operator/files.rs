//! How the operator's commands find the server: two files in the data directory, there as long
//! as it runs.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::Guard;
use crate::error::Error;
use crate::policy;

/// `operator.token` and `serve.json`, removed when dropped.
#[derive(Debug)]
pub(crate) struct Files {
    written: Vec<PathBuf>,
}

/// `serve.json`.
#[derive(Debug, Serialize)]
struct Serving {
    address: SocketAddr,
    operator: SocketAddr,
    pid: u32,
}

impl Files {
    /// Draws a token and writes both files, readable for this user alone.
    pub(crate) fn write(
        data: &Path,
        address: SocketAddr,
        operator: SocketAddr,
    ) -> Result<(Files, Guard), Error> {
        let token = random_token()?;
        let serving = Serving {
            address,
            operator,
            pid: std::process::id(),
        };
        let serving = serde_json::to_string(&serving).unwrap_or_default();
        let mut files = Files {
            written: Vec::new(),
        };
        files.put(data.join("operator.token"), &token)?;
        files.put(data.join("serve.json"), &serving)?;
        Ok((files, Guard::new(token)))
    }

    /// Writes beside and renames, so that a reader sees a whole file or none, and a link that
    /// lies in the way is replaced, not followed.
    fn put(&mut self, path: PathBuf, text: &str) -> Result<(), Error> {
        let beside = path.with_extension("tmp");
        let written = private(&beside).and_then(|mut file| {
            writeln!(file, "{text}")?;
            fs::rename(&beside, &path)
        });
        match written {
            Ok(()) => self.written.push(path),
            Err(source) => return Err(Error::OperatorFile { path, source }),
        }
        Ok(())
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        // The address first: who finds it expects the token too.
        for path in self.written.iter().rev() {
            let _ = fs::remove_file(path);
        }
    }
}

fn private(path: &Path) -> io::Result<fs::File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn random_token() -> Result<String, Error> {
    let mut bytes = [0; policy::OPERATOR_TOKEN_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| Error::Random(error.to_string()))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
