//! Lines of analytics logs.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use askfirst_catalog::{Catalog, Value};
use askfirst_collector::{Gates, Ingest, Line, logline};
use askfirst_store::{
    Consent, LineKey, NewProject, Note, Options, ProjectInfo, Reason, Retention, Store,
};
use tempfile::TempDir;

use super::bodies::{ALICE, NOW, uuid};

const LOG: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/data/aider-2024.jsonl"
);

/// A project to take lines for.
struct Project {
    gates: Gates,
    info: Arc<ProjectInfo>,
    _dir: TempDir,
}

impl Project {
    fn new() -> Project {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), Options::new(Catalog::builtin())).unwrap();
        let (info, _) = store
            .add_project(NewProject::new("aider", "aider", Retention::days(180)))
            .unwrap();
        Project {
            gates: Gates::new(Catalog::builtin()),
            info,
            _dir: dir,
        }
    }

    fn take(&self, line: &[u8]) -> Line {
        let gate = self.gates.of("aider").unwrap();
        Ingest::new(&gate, &self.info).import_line(line, NOW)
    }
}

#[test]
fn a_line_of_a_tool_becomes_an_imported_row() {
    let project = Project::new();
    let line = format!(
        r#"{{"event": "message_send", "properties": {{"main_model": "gpt-4o", "cost": NaN, "aider_version": "0.49.2-dev", "unheard": "of"}}, "user_id": "{ALICE}", "time": 1723560031}}"#
    );
    let Line::Admitted { key, taken } = project.take(line.as_bytes()) else {
        panic!("refused")
    };
    assert!(matches!(key, LineKey::Line(_)));
    assert_eq!((taken.row.ts, taken.row.skew_s), (1_723_560_031_000, 0));
    assert_eq!(taken.row.consent, Consent::Imported);
    assert_eq!(&taken.row.install.unwrap()[..4], [0x52, 0xb5, 0xcc, 0x12]);
    assert_eq!(taken.notes, [(Note::UnknownProperty, 1)]);
    let catalog = Catalog::builtin();
    let of = |name| catalog.find_property(name).unwrap();
    let values: BTreeMap<_, _> = taken.row.values.into_iter().collect();
    assert_eq!(values[&of("main_model")].as_text(), Some("gpt-4o"));
    assert_eq!(values[&of("dev")], Value::Bool(true));
}

#[test]
fn a_line_with_an_id_is_known_by_it_and_one_without_by_its_bytes() {
    let project = Project::new();
    let key = |line: String| match project.take(line.as_bytes()) {
        Line::Admitted { key, .. } | Line::Refused { key, .. } => key,
    };
    let line = |tail: &str| {
        format!(
            r#"{{"event":"launched","properties":{{}},"user_id":null,"time":1723560031{tail}}}"#
        )
    };
    let with_id = |extra: &str| line(&format!(r#","uuid":"{}"{extra}"#, uuid(1)));
    assert_eq!(key(with_id("")), key(with_id(r#","more":1"#)));
    assert!(matches!(key(with_id("")), LineKey::Uuid(_)));
    assert_eq!(key(line("")), key(line("\r").replace("\r}", "}\r")));
    assert_ne!(key(line("")), key(line(" ")));
}

#[test]
fn a_line_that_is_none_says_why() {
    let repaired = OnceCell::new();
    let reason = |line: &[u8]| logline::parse(line, &repaired).err();
    assert_eq!(reason(b"{\"event\": \"laun"), Some(Reason::BadJson));
    assert_eq!(reason(b"{\"event\": \"\xff\"}"), Some(Reason::BadJson));
    assert_eq!(reason(b"null"), Some(Reason::NotAnObject));
}

#[test]
fn p02_the_published_log_of_aider_is_taken_but_for_one_line() {
    let Ok(log) = std::fs::read(LOG) else {
        println!("{LOG} is not there: nothing read");
        return;
    };
    let project = Project::new();
    let mut refused = Vec::new();
    let (mut stored, mut without_install) = (0, 0);
    for line in log
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
    {
        match project.take(line) {
            Line::Admitted { taken, .. } => {
                stored += 1;
                without_install += u32::from(taken.row.install.is_none());
            }
            Line::Refused { reason, .. } => refused.push(reason),
        }
    }
    assert_eq!(
        (stored, refused, without_install),
        (9659, vec![Reason::UnknownEvent], 27)
    );
}
