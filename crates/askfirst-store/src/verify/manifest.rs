//! That the manifest does not contradict itself.

use std::collections::BTreeSet;

use super::{Check, REPORT};
use crate::manifest::{Manifest, Project, SegmentFile};

/// The bytes of everything it names.
pub(super) fn bytes(manifest: &Manifest) -> u64 {
    let of = |project: &Project| {
        let segments = project.segments.iter().map(|it| it.bytes);
        segments
            .chain(project.key_runs.iter().map(|it| it.bytes))
            .sum::<u64>()
    };
    manifest.projects.iter().map(of).sum()
}

pub(super) fn check(check: &mut Check<'_>, manifest: &Manifest) {
    let path = check.dir.manifest();
    let mut faults = Vec::new();
    let mut names = BTreeSet::new();
    let mut files = BTreeSet::new();
    for project in &manifest.projects {
        let name = &project.name;
        if !names.insert(name) {
            faults.push(format!("two projects are named {name:?}"));
        }
        if project.id >= manifest.next_project {
            faults.push(format!("the number of project {name} is not given out yet"));
        }
        let segments = project.segments.iter().map(|it| it.file);
        for file in segments.chain(project.key_runs.iter().map(|it| it.file)) {
            if !files.insert(file) {
                faults.push(format!("file {file} is named twice"));
            }
            if file >= manifest.next_file {
                faults.push(format!("the number of file {file} is not given out yet"));
            }
        }
        for file in &project.segments {
            let fault = |what: &str| format!("project {name}, segment {}: {what}", file.file);
            faults.extend(contradictions(project, file).map(fault));
        }
    }
    for fault in faults {
        check.problem(&path, fault, REPORT);
    }
}

fn contradictions(
    project: &Project,
    file: &SegmentFile,
) -> impl Iterator<Item = &'static str> + use<> {
    let rows: u64 = file.events.iter().map(|(_, n)| n).sum();
    let sorted = file.events.windows(2).all(|pair| pair[0].0 < pair[1].0);
    let ordered = |(first, last): (i32, i32)| first <= last;
    let expires = project
        .retention
        .expires(file.origin, file.days, file.arrived);
    [
        (
            rows == file.rows && rows > 0,
            "its events do not add up to its rows",
        ),
        (sorted, "its events are not in order"),
        (ordered(file.days), "its last day is before its first"),
        (
            ordered(file.arrived),
            "its last day of arrival is before its first",
        ),
        (!file.catalogs.is_empty(), "no catalog made its rows"),
        (file.level <= 2, "there is no such level"),
        (
            file.expires == expires,
            "it expires on another day than its rows do",
        ),
    ]
    .into_iter()
    .filter_map(|(holds, fault)| (!holds).then_some(fault))
}
