//! A manifest, without its secrets.

use std::path::Path;

use super::{Inspected, day, days, time};
use crate::error::Error;
use crate::manifest::{self, Manifest, Project, RunKind};
use crate::segment::Origin;

pub(super) fn read(seen: &mut Inspected, bytes: &[u8], path: &Path) {
    match manifest::parse(path, bytes) {
        Ok(manifest) => shown(seen, &manifest),
        Err(Error::Corrupt { problem, .. }) => seen.fault(problem),
        Err(error) => seen.fault(error.to_string()),
    }
}

fn shown(seen: &mut Inspected, manifest: &Manifest) {
    seen.fact("format version", manifest.version());
    seen.fact("generation", manifest.generation);
    seen.fact("checksum", "fits");
    seen.fact("newest time stamped", time(manifest.stamp_ms));
    seen.fact("newest time believed", time(manifest.clock.believed_ms));
    if let Some(doubted) = manifest.clock.doubted {
        seen.fact("clock doubted since it showed", time(doubted.since_ms));
    }
    let wal = manifest.wal;
    seen.fact(
        "log goes on at",
        format!("file {} byte {}", wal.file, wal.offset),
    );
    let projects = manifest.projects.iter();
    let head = [
        "id",
        "project",
        "host",
        "made",
        "received_days",
        "imported_days",
        "keys",
        "segments",
        "rows",
        "key_runs",
    ];
    seen.list("projects", &head, projects.map(project).collect());
    let segments = manifest.projects.iter().flat_map(segments).collect();
    let head = [
        "project", "segment", "origin", "level", "rows", "bytes", "days", "arrived", "expires",
    ];
    seen.list("segments", &head, segments);
    let runs = manifest.projects.iter().flat_map(runs).collect();
    seen.list(
        "key runs",
        &["project", "run", "of", "keys", "bytes", "arrived"],
        runs,
    );
    let erased: Vec<_> = manifest.projects.iter().filter_map(erased).collect();
    if !erased.is_empty() {
        seen.list("erased", &["project", "ids", "asked"], erased);
    }
}

fn erased(project: &Project) -> Option<Vec<String>> {
    let tombstones = &project.erasure.as_ref()?.tombstones;
    let days_of = |pick: fn(i32, i32) -> i32| tombstones.iter().map(|it| it.day).reduce(pick);
    let asked = days_of(i32::min).zip(days_of(i32::max));
    Some(vec![
        project.name.clone(),
        tombstones.len().to_string(),
        asked.map(days).unwrap_or_default(),
    ])
}

fn project(project: &Project) -> Vec<String> {
    let rows: u64 = project.segments.iter().map(|it| it.rows).sum();
    vec![
        project.id.to_string(),
        project.name.clone(),
        project.host.clone(),
        time(project.created_ms),
        project.retention.received_days.to_string(),
        project.retention.imported_days.to_string(),
        project.keys.len().to_string(),
        project.segments.len().to_string(),
        rows.to_string(),
        project.key_runs.len().to_string(),
    ]
}

fn segments(project: &Project) -> Vec<Vec<String>> {
    let line = |file: &manifest::SegmentFile| {
        vec![
            project.name.clone(),
            file.file.to_string(),
            match file.origin {
                Origin::Received => "received".to_owned(),
                Origin::Imported => "imported".to_owned(),
            },
            file.level.to_string(),
            file.rows.to_string(),
            file.bytes.to_string(),
            days(file.days),
            days(file.arrived),
            day(file.expires),
        ]
    };
    project.segments.iter().map(line).collect()
}

fn runs(project: &Project) -> Vec<Vec<String>> {
    let line = |run: &manifest::KeyRun| {
        vec![
            project.name.clone(),
            run.file.to_string(),
            match run.kind {
                RunKind::Received => "received".to_owned(),
                RunKind::Lines => "lines".to_owned(),
            },
            run.keys.to_string(),
            run.bytes.to_string(),
            days(run.arrived),
        ]
    };
    project.key_runs.iter().map(line).collect()
}
