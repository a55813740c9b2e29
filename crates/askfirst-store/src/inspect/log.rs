//! A file of the write-ahead log. Its records number events and properties by a catalog: the
//! program's own, or one of the data directory the file lies in.

use std::path::Path;
use std::sync::Arc;

use askfirst_catalog::{Catalog, Models};

use super::{Inspected, time};
use crate::dir::Dir;
use crate::hex;
use crate::shape::{Shape, Shapes};
use crate::wal::frame::{self, FILE_HEADER, Header, Stop};
use crate::wal::record::{Head, RowView, Stored};

pub(super) fn read(seen: &mut Inspected, dir: &Dir, bytes: &[u8], rows: usize) {
    match frame::read_file_header(bytes) {
        Ok(Header::Known { number, stamp_ms }) => {
            seen.fact("format version", frame::VERSION);
            seen.fact("number", number);
            seen.fact("begun at", time(stamp_ms));
        }
        Ok(Header::Newer(version)) => {
            seen.fault(format!(
                "it has format version {version}, this program reads up to {}",
                frame::VERSION
            ));
            return;
        }
        Err(fault) => {
            seen.fault(fault);
            return;
        }
    }
    let shapes = shapes(dir);
    let (mut records, mut lines, mut all) = (Vec::new(), Vec::new(), 0);
    let mut at = FILE_HEADER;
    let stop = loop {
        let found = match frame::record_at(bytes, at) {
            Ok(found) => found,
            Err(stop) => break stop,
        };
        match Head::read(&bytes[found.start..found.start + found.len]) {
            Err(fault) => seen.fault(format!("byte {at}: a record: {fault}")),
            Ok(head) => {
                all += u64::from(head.rows);
                records.push(record(at, found.group, found.len, &head));
                if lines.len() < rows {
                    add_rows(&mut lines, rows, &head, &shapes);
                }
            }
        }
        at = found.next.min(bytes.len());
    };
    seen.fact("records", records.len());
    seen.fact("rows", all);
    seen.fact("used", format!("{at} of {} bytes", bytes.len()));
    if bytes[at..].iter().any(|byte| *byte != 0) {
        let fault = match stop {
            Stop::End => "records are missing",
            Stop::Torn(fault) => fault,
        };
        let next = frame::next_record(bytes, at);
        let next = next.map_or(String::new(), |at| {
            format!("; the next whole one is at byte {at}")
        });
        seen.fault(format!("byte {at}: {fault}{next}"));
    }
    let n = records.len() as u64;
    records.truncate(rows);
    let head = [
        "byte", "group", "bytes", "project", "received", "rows", "catalog",
    ];
    seen.first("records", &head, records, n);
    seen.first("rows", &["time", "event", "install", "values"], lines, all);
}

/// The catalogs there are: a data directory has them beside its log.
fn shapes(dir: &Dir) -> Shapes {
    let known = Arc::new(Shape::of(&Catalog::builtin()));
    let above = dir.root.parent().unwrap_or(Path::new(""));
    let of = Dir::new(Arc::clone(&dir.disk), above);
    let mut shapes = Shapes::load(&of, &known, &Models::builtin()).unwrap_or_default();
    // It cannot contradict what it was compared with.
    let _ = shapes.insert(known);
    shapes
}

fn record(at: usize, group: u32, len: usize, head: &Head<'_>) -> Vec<String> {
    vec![
        at.to_string(),
        group.to_string(),
        len.to_string(),
        head.project.0.to_string(),
        time(head.received_ms),
        head.rows.to_string(),
        hex::encode(&head.mark[..4]),
    ]
}

fn add_rows(lines: &mut Vec<Vec<String>>, most: usize, head: &Head<'_>, shapes: &Shapes) {
    let Ok(shape) = head.shape(shapes) else {
        return;
    };
    // A row that cannot be read was said where its record was.
    let _ = head.rows(|row| {
        if lines.len() < most {
            lines.push(line(shape, &row));
        }
        Ok(())
    });
}

fn line(shape: &Shape, row: &RowView<'_>) -> Vec<String> {
    let value = |(id, value): &(askfirst_catalog::PropertyId, Stored<'_>)| {
        let name = shape.column(*id).map_or("?", |it| &it.name);
        let name = name.strip_prefix("p_").unwrap_or(name);
        match value {
            Stored::Bool(on) => format!("{name}={on}"),
            Stored::Int(n) => format!("{name}={n}"),
            Stored::Text(text) => format!("{name}={text}"),
        }
    };
    let values: Vec<String> = row.values.iter().map(value).collect();
    vec![
        time(row.ts.saturating_add(i64::from(row.skew_s) * 1000)),
        shape.event(row.event).map_or("?", |it| it).to_owned(),
        row.install.map_or(String::new(), |id| hex::encode(&id)),
        values.join(" "),
    ]
}
