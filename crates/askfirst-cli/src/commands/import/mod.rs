//! `askfirst import`: existing logs, line by line, into one project.
//!
//! A line's path: `lines` reads it in bounded memory; [`sink`] hands it to the directory's writer,
//! which is this process or a running server; both parse and admit it with the collector's own
//! code and store it once, however often it is imported (decision D18). It can be left out because
//! it is blank or unfinished, refused with a reason, or already there.

mod counts;
mod direct;
mod parsers;
mod sink;
mod through;

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::de::IgnoredAny;

use crate::args::{Format, ImportArgs};
use crate::choose::{self, Candidate};
use crate::data_dir::{self, Writer};
use crate::failure::Failure;
use crate::lines::{Line, Lines};
use crate::output::Output;
use crate::progress::Progress;

use counts::Counts;
use sink::Sink;

/// Bytes read from a file at once: large enough that system calls do not show.
const READ_BYTES: usize = 1 << 20;

/// Standard input, on the command line.
const STDIN: &str = "-";

/// Does what was asked.
pub(crate) fn run(args: &ImportArgs, data: &Path, output: &Output) -> anyhow::Result<()> {
    let total = check_files(&args.files)?;
    check_host(args.choose.host.as_deref(), data)?;
    let mut progress = Progress::of_bytes(total);
    let (mut counts, made) = match data_dir::writer(data)? {
        Writer::Own(store) => {
            let (project, made) = direct::project(&store, &args.choose)?;
            let mut sink = direct::Direct::new(&store, project)?;
            let counts = read_all(&args.files, &mut sink, &mut progress)?;
            (counts, made)
        }
        Writer::Server(server) => {
            let (project, made) = through::project(&server, &args.choose)?;
            let mut sink = through::Through::new(&server, project);
            (read_all(&args.files, &mut sink, &mut progress)?, made)
        }
    };
    progress.done();
    counts.files = args.files.len() as u64;
    counts.made = made;
    match args.format.format {
        Format::Table => output.result(&counts.words())?,
        Format::Csv => output.result(&counts.csv())?,
        Format::Json => output.json(&counts.json())?,
    }
    Ok(())
}

/// Every file must be there before anything is made; gives their bytes.
fn check_files(files: &[PathBuf]) -> anyhow::Result<u64> {
    let mut total = 0;
    for path in files.iter().filter(|path| !is_stdin(path)) {
        let refuse = |why: String| {
            Failure::failed(
                format!("cannot read {}: {why}", path.display()),
                "name the files of an analytics log, or - for standard input",
            )
        };
        let about = path.metadata().map_err(|error| refuse(error.to_string()))?;
        if about.is_dir() {
            return Err(refuse("it is a directory".to_owned()).into());
        }
        total += about.len();
    }
    Ok(total)
}

/// A tool must be known, and named where no project says which it is, before anything is made.
fn check_host(host: Option<&str>, data: &Path) -> anyhow::Result<()> {
    let none_yet = || data_dir::read(data).is_ok_and(|all| all.projects().is_empty());
    if host.is_some() || !data.exists() || none_yet() {
        choose::profile(host)?;
    }
    Ok(())
}

fn read_all(
    files: &[PathBuf],
    sink: &mut dyn Sink,
    progress: &mut Progress,
) -> anyhow::Result<Counts> {
    let mut counts = Counts::default();
    let mut before = 0;
    for path in files {
        let source: Box<dyn Read> = if is_stdin(path) {
            Box::new(io::stdin().lock())
        } else {
            let file = File::open(path);
            Box::new(file.with_context(|| format!("cannot read {}", path.display()))?)
        };
        let mut lines = Lines::new(BufReader::with_capacity(READ_BYTES, source));
        sink.next_file(&mut counts)?;
        read_file(&mut lines, sink, &mut counts, |bytes| {
            progress.at(before + bytes)
        })
        .with_context(|| format!("{} was read in part", path.display()))?;
        before += lines.bytes_read();
    }
    sink.finish(&mut counts)?;
    Ok(counts)
}

fn read_file(
    lines: &mut Lines<impl io::BufRead>,
    sink: &mut dyn Sink,
    counts: &mut Counts,
    mut at: impl FnMut(u64),
) -> anyhow::Result<()> {
    loop {
        let read = lines.bytes_read();
        match lines.next()? {
            None => return Ok(()),
            Some(Line::Unfinished(line)) if !is_whole_json(line) => {
                counts.unfinished += u64::from(!is_blank(line));
            }
            Some(Line::Whole(line) | Line::Unfinished(line)) => {
                if !is_blank(line) {
                    counts.lines += 1;
                    sink.line(line, counts)?;
                }
            }
            Some(Line::TooLong(start)) => {
                counts.lines += 1;
                sink.too_long(start, counts)?;
            }
        }
        at(read);
    }
}

/// Whether a line without its end is whole all the same: nothing can follow a whole object.
fn is_whole_json(line: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(line).is_ok()
}

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new(STDIN)
}

/// What the project of an import is to be.
#[derive(Debug, PartialEq, Eq)]
enum Target {
    /// One there is, by its place.
    Existing(usize),
    /// One to be made.
    New { name: String, host: String },
}

/// The project that is meant; a tool that has none yet gets one under its own name.
fn target(asked: &crate::args::ChooseArgs, all: &[Candidate<'_>]) -> Result<Target, Failure> {
    let Some(host) = &asked.host else {
        if all.is_empty() {
            choose::profile(None)?;
        }
        return choose::one(asked, all).map(Target::Existing);
    };
    let fits = |candidate: &Candidate<'_>| match &asked.project {
        Some(name) => candidate.name == name,
        None => candidate.host == host,
    };
    if all.iter().any(fits) {
        return choose::one(asked, all).map(Target::Existing);
    }
    let name = asked.project.as_ref().unwrap_or(host).clone();
    Ok(Target::New {
        name,
        host: host.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::ChooseArgs;

    fn targeted(host: Option<&str>, project: Option<&str>, all: &[Candidate<'_>]) -> Target {
        let asked = ChooseArgs {
            host: host.map(Into::into),
            project: project.map(Into::into),
        };
        target(&asked, all).expect("a target")
    }

    #[test]
    fn a_tool_without_a_project_gets_one_under_its_own_name() {
        let new = |name: &str| Target::New {
            name: name.into(),
            host: "aider".into(),
        };
        let fork = [Candidate {
            name: "fork",
            host: "cecli",
        }];
        assert_eq!(targeted(Some("aider"), None, &fork), new("aider"));
        assert_eq!(targeted(Some("aider"), Some("old"), &fork), new("old"));
        assert_eq!(targeted(Some("cecli"), None, &fork), Target::Existing(0));
        assert_eq!(targeted(None, None, &fork), Target::Existing(0));
    }

    #[test]
    fn a_project_of_another_tool_is_never_imported_into() {
        let fork = [Candidate {
            name: "fork",
            host: "cecli",
        }];
        let asked = ChooseArgs {
            host: Some("aider".into()),
            project: Some("fork".into()),
        };
        let failure = target(&asked, &fork).expect_err("another tool's");
        assert_eq!(
            failure.to_string(),
            "no project named `fork` of host `aider`"
        );
    }

    #[test]
    fn an_unfinished_line_is_whole_only_if_nothing_could_follow() {
        assert!(is_whole_json(br#"{"event":"launched"}"#));
        for half in [&br#"{"event":"laun"#[..], br#"{"event":"launched""#, b""] {
            assert!(!is_whole_json(half));
        }
    }
}
