//! What a spool file is bound to.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The version of the file's form that this program writes and reads.
const VERSION: u32 = 1;

/// Destination, install and catalog of waiting events: they go there or nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Binding {
    /// Where events go, without a slash at the end.
    pub(crate) destination: String,
    /// The project's key there.
    pub(crate) project_key: String,
    pub(crate) install_id: String,
    /// The first 8 hex digits of the catalog's hash.
    pub(crate) catalog: String,
}

/// A file's first line. The project key is in it as a hash only: it tells whether the file
/// is for this project, and a file that lies about is not a key for anybody.
#[derive(Serialize, Deserialize)]
struct Header<'a> {
    askfirst_spool: u32,
    destination: &'a str,
    project: &'a str,
    install_id: &'a str,
    catalog: &'a str,
}

impl Binding {
    /// The folder of everything that waits for this destination under this id.
    pub(crate) fn folder(&self, spool: &Path) -> PathBuf {
        let mut hash = Sha256::new();
        for part in [&self.destination, &self.project_key, &self.install_id] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        spool.join(hex(&hash.finalize()))
    }

    /// A file's first line, with its newline.
    pub(crate) fn header(&self) -> Vec<u8> {
        let header = Header {
            askfirst_spool: VERSION,
            destination: &self.destination,
            project: &self.project(),
            install_id: &self.install_id,
            catalog: &self.catalog,
        };
        let mut line = serde_json::to_vec(&header).unwrap_or_default();
        line.push(b'\n');
        line
    }

    /// Whether a file with this first line is for this destination and id. The catalog may
    /// be an older one: its events were admitted by it, and the collector admits again.
    pub(crate) fn owns(&self, header: &[u8]) -> bool {
        let Ok(header) = serde_json::from_slice::<Header<'_>>(header) else {
            return false;
        };
        header.askfirst_spool == VERSION
            && header.destination == self.destination
            && header.project == self.project()
            && header.install_id == self.install_id
    }

    /// Where a file with this first line goes.
    pub(crate) fn destination_in(header: &[u8]) -> Option<String> {
        let header = serde_json::from_slice::<Header<'_>>(header).ok()?;
        Some(header.destination.to_owned())
    }

    fn project(&self) -> String {
        hex(&Sha256::digest(&self.project_key))
    }
}

/// The first 16 hex digits of a hash.
fn hex(hash: &[u8]) -> String {
    let first = hash.first_chunk().map_or(0, |it| u64::from_be_bytes(*it));
    format!("{first:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn binding() -> Binding {
        Binding {
            destination: "https://collector.example".into(),
            project_key: "phc_one".into(),
            install_id: "11111111-2222-4333-8444-555555555555".into(),
            catalog: "1a2b3c4d".into(),
        }
    }

    #[test]
    fn a_file_goes_to_its_own_destination_project_and_id_or_nowhere() {
        let own = binding();
        let header = own.header();
        assert!(own.owns(header.trim_ascii_end()));
        let others = [
            Binding {
                destination: "https://other.example".into(),
                ..binding()
            },
            Binding {
                project_key: "phc_two".into(),
                ..binding()
            },
            Binding {
                install_id: "11111111-2222-4333-8444-666666666666".into(),
                ..binding()
            },
        ];
        for other in others {
            assert!(!other.owns(header.trim_ascii_end()), "{other:?}");
            assert_ne!(other.folder(Path::new("s")), own.folder(Path::new("s")));
        }
        let newer = Binding {
            catalog: "ffffffff".into(),
            ..binding()
        };
        assert!(newer.owns(header.trim_ascii_end()));
        assert!(!own.owns(b"{}") && !own.owns(b"") && !own.owns(b"{\"event\":\"x\"}"));
    }

    #[test]
    fn the_project_key_is_not_in_the_file() {
        let header = String::from_utf8(binding().header()).unwrap();
        assert!(!header.contains("phc_one"));
    }
}
