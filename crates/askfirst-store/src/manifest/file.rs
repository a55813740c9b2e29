//! The file `MANIFEST`: read, checked, replaced.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::{Manifest, VERSION};
use crate::dir::Dir;
use crate::error::Error;
use crate::hex;

/// What every version of the file has.
#[derive(Deserialize)]
struct Envelope<'a> {
    askfirst_manifest: u32,
    #[serde(borrow)]
    sha256: Option<&'a str>,
    #[serde(borrow)]
    body: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct Written<'a> {
    askfirst_manifest: u32,
    sha256: &'a str,
    body: &'a RawValue,
}

/// The manifest of a directory, or `None` if it has none.
pub(crate) fn read(dir: &Dir) -> Result<Option<Manifest>, Error> {
    match dir.read(&dir.manifest()) {
        Err(error) if error.is_not_found() => Ok(None),
        bytes => parse(&dir.manifest(), &bytes?).map(Some),
    }
}

/// The manifest in a file's bytes. `path` is what errors name.
pub(crate) fn parse(path: &Path, bytes: &[u8]) -> Result<Manifest, Error> {
    let path = path.to_owned();
    let corrupt = |problem: &str| Error::Corrupt {
        path: path.clone(),
        offset: 0,
        problem: problem.to_owned(),
    };
    let envelope: Envelope<'_> =
        serde_json::from_slice(bytes).map_err(|_| corrupt("it is no manifest"))?;
    if envelope.askfirst_manifest > VERSION {
        return Err(Error::NewerVersion {
            path,
            found: envelope.askfirst_manifest,
            known: VERSION,
        });
    }
    if envelope.askfirst_manifest == 0 {
        return Err(corrupt("there is no such version"));
    }
    let body = envelope
        .body
        .ok_or_else(|| corrupt("it has no body"))?
        .get();
    if envelope.sha256 != Some(&hex::encode(&Sha256::digest(body))) {
        return Err(corrupt("its checksum is wrong"));
    }
    let manifest: Manifest =
        serde_json::from_str(body).map_err(|error| corrupt(&error.to_string()))?;
    match manifest.version() == envelope.askfirst_manifest {
        true => Ok(manifest),
        false => Err(corrupt("it is not of the version it says")),
    }
}

fn encode(manifest: &Manifest) -> Result<Vec<u8>, serde_json::Error> {
    let body = serde_json::value::to_raw_value(manifest)?;
    let mut bytes = serde_json::to_vec(&Written {
        askfirst_manifest: manifest.version(),
        sha256: &hex::encode(&Sha256::digest(body.get())),
        body: &body,
    })?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Replaces the manifest: from the rename on, `manifest` is what exists.
pub(crate) fn commit(dir: &Dir, manifest: &Manifest) -> Result<(), Error> {
    let bytes = bytes_of(dir, manifest)?;
    // For diagnosis only, so not synced; and never in the way of the real one.
    if let Ok(previous) = dir.read(&dir.manifest()) {
        let path = dir.previous_manifest();
        let write = || {
            let tmp = crate::dir::temporary(&path);
            dir.disk.create(&tmp)?.write_at(&previous, 0)?;
            dir.disk.rename(&tmp, &path)
        };
        let _: std::io::Result<()> = write();
    }
    dir.write(&dir.manifest(), &bytes)?;
    dir.sync(&dir.root)
}

/// Writes the first manifest of a directory.
pub(crate) fn commit_first(dir: &Dir, manifest: &Manifest) -> Result<(), Error> {
    dir.write(&dir.manifest(), &bytes_of(dir, manifest)?)?;
    dir.sync(&dir.root)
}

fn bytes_of(dir: &Dir, manifest: &Manifest) -> Result<Vec<u8>, Error> {
    encode(manifest)
        .map_err(|error| Error::io("write", &dir.manifest(), std::io::Error::other(error)))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::disk::RealDisk;

    fn dir(root: &Path) -> Dir {
        Dir::new(Arc::new(RealDisk), root)
    }

    #[test]
    fn a_manifest_comes_back() {
        let root = tempfile::tempdir().unwrap();
        let dir = dir(root.path());
        assert_eq!(read(&dir).unwrap(), None);
        let manifest = Manifest::new();
        commit_first(&dir, &manifest).unwrap();
        assert_eq!(read(&dir).unwrap(), Some(manifest.clone()));
        let next = Manifest {
            generation: 1,
            ..manifest
        };
        commit(&dir, &next).unwrap();
        assert_eq!(read(&dir).unwrap(), Some(next));
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let root = tempfile::tempdir().unwrap();
        let dir = dir(root.path());
        let whole = encode(&Manifest::new()).unwrap();
        for at in 0..whole.len() - 1 {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            parse(&dir.manifest(), &changed).expect_err("a changed byte");
        }
    }

    #[test]
    fn a_newer_version_is_refused_whatever_is_in_it() {
        let root = tempfile::tempdir().unwrap();
        let newer = br#"{"askfirst_manifest":3,"whatever":[]}"#;
        let error = parse(&dir(root.path()).manifest(), newer).unwrap_err();
        assert!(matches!(
            error,
            Error::NewerVersion {
                found: 3,
                known: 2,
                ..
            }
        ));
        assert!(error.remedy().is_some());
    }
}
