//! The payload of a record: rows of one project that arrived together. The bytes are
//! described in `docs/formats/wal.md`.

mod decode;
mod encode;

use askfirst_catalog::{EventId, PropertyId, Value};

use crate::clock::day_of;
use crate::row::{Consent, Row};

pub(crate) use decode::Head;
pub(crate) use encode::encode;

const INSTALL: u8 = 1 << 2;
const SESSION: u8 = 1 << 3;
const SEQ: u8 = 1 << 4;
const SINCE_START: u8 = 1 << 5;
const CATALOG: u8 = 1 << 6;

/// A value as it lies in a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stored<'a> {
    Bool(bool),
    Int(i64),
    Text(&'a str),
}

impl<'a> Stored<'a> {
    /// A value about to be stored. Numbers beyond 63 bits, which no catalog admits, are cut.
    pub(crate) fn of(value: &'a Value) -> Stored<'a> {
        match value {
            Value::Bool(b) => Stored::Bool(*b),
            Value::Count(n) | Value::Duration(n) => {
                Stored::Int(i64::try_from(*n).unwrap_or(i64::MAX))
            }
            Value::Amount(n) => Stored::Int(*n),
            Value::Text(word) => Stored::Text(word.as_str()),
        }
    }
}

/// A row as it lies in a record, or comes from an importer.
#[derive(Debug, Clone)]
pub(crate) struct RowView<'a> {
    pub(crate) ts: i64,
    pub(crate) skew_s: i32,
    pub(crate) event: EventId,
    pub(crate) key: u64,
    pub(crate) consent: Consent,
    pub(crate) install: Option<[u8; 16]>,
    pub(crate) session: Option<u64>,
    pub(crate) seq: Option<u64>,
    pub(crate) since_start: Option<u64>,
    pub(crate) catalog: Option<[u8; 4]>,
    pub(crate) values: Vec<(PropertyId, Stored<'a>)>,
}

impl<'a> RowView<'a> {
    /// The day it happened, since 1970, by corrected time.
    pub(crate) fn day(&self) -> i32 {
        day_of(self.ts.saturating_add(i64::from(self.skew_s) * 1000))
    }

    pub(crate) fn of(row: &'a Row) -> RowView<'a> {
        RowView {
            ts: row.ts,
            skew_s: row.skew_s,
            event: row.event,
            key: row.key,
            consent: row.consent,
            install: row.install,
            session: row.common.session,
            seq: row.common.seq,
            since_start: row.common.since_start_ms,
            catalog: row.common.catalog,
            values: row
                .values
                .iter()
                .map(|(id, it)| (*id, Stored::of(it)))
                .collect(),
        }
    }
}

/// What the numbers of a row are written as differences to.
struct Before {
    ts: i64,
    session: u64,
    seq: u64,
}

impl Before {
    fn new(received_ms: i64) -> Before {
        Before {
            ts: received_ms,
            session: 0,
            seq: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use askfirst_catalog::{Catalog, Common};
    use proptest::prelude::*;

    use super::*;
    use crate::outcome::{Note, Reason};
    use crate::row::ProjectId;
    use crate::shape::{Shape, Shapes};
    use crate::tally::Tally;

    fn value() -> impl Strategy<Value = Value> {
        prop_oneof![
            any::<bool>().prop_map(Value::Bool),
            (0..=i64::MAX as u64).prop_map(Value::Count),
            any::<i64>().prop_map(Value::Amount),
            (0..=i64::MAX as u64).prop_map(Value::Duration),
            "[a-zö/.-]{0,12}".prop_map(|text| Value::stored_text(Arc::from(text))),
        ]
    }

    fn common() -> impl Strategy<Value = Common> {
        (
            any::<Option<u64>>(),
            any::<Option<u64>>(),
            any::<Option<u64>>(),
            any::<Option<[u8; 4]>>(),
        )
            .prop_map(|(session, seq, since_start_ms, catalog)| Common {
                session,
                seq,
                since_start_ms,
                catalog,
                agent: None,
            })
    }

    prop_compose! {
        fn row()(
            ts in any::<i64>(),
            skew_s in any::<i32>(),
            event in any::<u16>(),
            install in any::<Option<[u8; 16]>>(),
            consent in prop::sample::select(&Consent::ALL[..]),
            common in common(),
            values in prop::collection::vec((any::<u16>().prop_map(PropertyId), value()), 0..6),
            key in any::<u64>(),
        ) -> Row {
            Row { ts, skew_s, event: EventId(event), install, consent, common, values, key }
        }
    }

    proptest! {
        #[test]
        fn a_record_comes_back(
            rows in prop::collection::vec(row(), 0..20),
            received_ms in any::<i64>(),
            project in any::<u32>(),
            day in any::<i32>(),
            n in 1..u64::MAX,
        ) {
            let shape = Shape::of(&Catalog::builtin());
            let mut tally = Tally::default();
            tally.add(day, Reason::UnknownEvent, n);
            tally.note(day, Note::Redacted, n);
            let mut payload = Vec::new();
            encode(&mut payload, ProjectId(project), &shape, received_ms, &tally, &rows);
            let head = Head::read(&payload).unwrap();
            prop_assert_eq!(head.project, ProjectId(project));
            prop_assert_eq!(head.received_ms, received_ms);
            prop_assert_eq!(&head.tally, &tally);
            prop_assert_eq!(head.mark, shape.mark());
            let mut back = Vec::new();
            head.rows(|row| { back.push(format!("{row:?}")); Ok(()) }).unwrap();
            let sent: Vec<_> = rows.iter().map(|row| format!("{:?}", RowView::of(row))).collect();
            prop_assert_eq!(back, sent);
        }

        #[test]
        fn bytes_that_are_no_record_are_a_fault_and_no_panic(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
        ) {
            if let Ok(head) = Head::read(&bytes) {
                let _ = head.shape(&Shapes::default());
                let _ = head.rows(|_| Ok(()));
            }
        }
    }

    #[test]
    fn d22_a_row_waits_in_at_most_a_hundred_bytes() {
        let catalog = Catalog::builtin();
        let id = |name| catalog.find_property(name).expect("a property");
        let text = |text: &str| Value::stored_text(Arc::from(text));
        let row = |n: u64| Row {
            ts: 1_733_140_800_000 + 977 * n as i64,
            skew_s: 0,
            event: catalog.find_event("message_send").expect("an event"),
            install: Some([n as u8 / 10; 16]),
            consent: Consent::Unknown,
            common: Common {
                seq: Some(n),
                ..Common::default()
            },
            values: vec![
                (id("main_model"), text("claude-3-5-sonnet-20241022")),
                (id("weak_model"), text("claude-3-5-haiku-20241022")),
                (id("edit_format"), text("diff")),
                (id("prompt_tokens"), Value::Count(11_000 + n)),
                (id("completion_tokens"), Value::Count(400 + n)),
                (id("total_tokens"), Value::Count(11_400 + 2 * n)),
                (id("cost"), Value::Amount(48_000_000)),
                (id("version"), text("0.70.0")),
                (id("python_version"), text("3.12")),
                (id("os_platform"), text("Linux")),
            ],
            key: n,
        };
        let rows: Vec<Row> = (0..100).map(row).collect();
        let shape = Shape::of(&catalog);
        let mut payload = Vec::new();
        encode(
            &mut payload,
            ProjectId(1),
            &shape,
            0,
            &Tally::default(),
            &rows,
        );
        assert!(payload.len() < 60 * rows.len(), "{} bytes", payload.len());
        payload.clear();
        encode(
            &mut payload,
            ProjectId(1),
            &shape,
            0,
            &Tally::default(),
            &rows[..1],
        );
        assert!(
            payload.len() < 250,
            "{} bytes when it comes alone",
            payload.len()
        );
    }
}
