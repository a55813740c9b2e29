//! What the compiler says to a maintainer who hands over what may not leave.
//!
//! Each case is compiled by the compiler that built this test, against the crate that was
//! built for it. Of the compiler's own words only what a maintainer needs is held; of ours,
//! all.

#![expect(
    clippy::unwrap_used,
    reason = "the functions the tests share are tests too: they stop at the first surprise"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A crate of a tool's own, with a catalog beside it.
struct Tool {
    root: TempDir,
    library: PathBuf,
}

impl Tool {
    fn new() -> Tool {
        let root = TempDir::new().unwrap();
        let catalogs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogs");
        for name in ["models.tsv", "providers.txt"] {
            fs::copy(catalogs.join(name), root.path().join(name)).unwrap();
        }
        fs::copy(
            catalogs.join("llm-coding.toml"),
            root.path().join("analytics.toml"),
        )
        .unwrap();
        let tool = Tool {
            root,
            library: newest_library(),
        };
        // What is refused below is refused for its own sake.
        let fine = "analytics.record(MessageSend { prompt_tokens: Some(7), ..Default::default() })";
        assert_eq!(tool.says(fine), "");
        assert_eq!(tool.compile("askfirst::catalog!(\"analytics.toml\");"), "");
        tool
    }

    /// What the compiler says of a statement in a tool with the shipped catalog.
    fn says(&self, statement: &str) -> String {
        self.compile(&format!(
            "askfirst::catalog!(\"llm-coding\");\n\
             #[allow(unused)]\n\
             pub fn tool(analytics: &askfirst::Analytics, text: String) {{ {statement}; }}"
        ))
    }

    fn compile(&self, source: &str) -> String {
        let file = self.root.path().join("tool.rs");
        fs::write(&file, source).unwrap();
        let output = Command::new(Path::new(env!("CARGO")).with_file_name("rustc"))
            .args([
                "--edition=2024",
                "--crate-type=lib",
                "--emit=metadata",
                "--color=never",
            ])
            .arg("--out-dir")
            .arg(self.root.path())
            .arg("-Ldependency=".to_owned() + self.library.parent().unwrap().to_str().unwrap())
            .arg("--extern=askfirst=".to_owned() + self.library.to_str().unwrap())
            .arg(&file)
            .env("CARGO_MANIFEST_DIR", self.root.path())
            .output()
            .unwrap();
        String::from_utf8(output.stderr).unwrap()
    }
}

/// The crate as it was built for this test: beside it, and of several the last.
fn newest_library() -> PathBuf {
    let beside = std::env::current_exe().unwrap();
    let entries = fs::read_dir(beside.parent().unwrap()).unwrap().flatten();
    let ours = entries.map(|entry| entry.path()).filter(|path| {
        let name = path.file_name().unwrap().to_string_lossy();
        let hash = name.strip_prefix("libaskfirst-");
        hash.is_some_and(|it| it.ends_with(".rlib"))
    });
    ours.max_by_key(|path| fs::metadata(path).unwrap().modified().unwrap())
        .expect("cargo builds the crate before its tests")
}

#[track_caller]
fn assert_says(said: &str, words: &[&str]) {
    for words in words {
        assert!(said.contains(words), "{words:?} is not in:\n{said}");
    }
}

#[test]
fn p02_what_may_not_leave_is_refused_with_words_that_help() {
    let tool = Tool::new();
    assert_says(
        &tool.says("analytics.record(text)"),
        &[
            "error[E0277]: `String` is no event of a catalog",
            "only an event of a catalog can be recorded",
            "note: `askfirst::catalog!(\"llm-coding\")` makes one type for each event: \
             `analytics.record(MessageSend { .. })`",
            "note: there is no kind for free text: no `String`, path or message can be recorded",
        ],
    );
    assert_says(
        &tool.says("MessageSend { edit_format: Some(text), ..Default::default() }"),
        &[
            "error[E0308]: mismatched types",
            "expected `EditFormat`, found `String`",
        ],
    );
    assert_says(
        &tool.says("MessageSend { main_model: Some(\"our-own\"), ..Default::default() }"),
        &[
            "error[E0308]: mismatched types",
            "expected `Model`, found `&str`",
        ],
    );
    assert_says(
        &tool.says("MessageSend { promt_tokens: Some(7), ..Default::default() }"),
        &[
            "error[E0560]: struct `MessageSend` has no field named `promt_tokens`",
            "a field with a similar name exists",
            "prompt_tokens",
        ],
    );
    assert_says(
        &tool.says("MessageSend { prompt: Some(text), ..Default::default() }"),
        &[
            "struct `MessageSend` has no field named `prompt`",
            "available fields are: ",
        ],
    );
    assert_says(
        &tool.says("analytics.record(MesageSend::default())"),
        &["cannot find type `MesageSend`", "MessageSend"],
    );
    assert_says(
        &tool.says("EditFormat::Dif"),
        &[
            "no variant",
            "`Dif` found for enum `EditFormat`",
            "similar name",
            "Diff",
        ],
    );
}

#[test]
fn a_catalog_that_is_not_found_or_not_valid_is_named_with_what_to_do() {
    let tool = Tool::new();
    assert_says(
        &tool.compile("askfirst::catalog!(\"llm_coding\");"),
        &[
            "error: there is no shipped catalog `llm_coding`: say \"llm-coding\", or the path of \
             a .toml file, relative to the crate's Cargo.toml. Did you mean \"llm-coding\"?",
            "tool.rs:1:20",
        ],
    );
    assert_says(
        &tool.compile("askfirst::catalog!(\"analytic.toml\");"),
        &[
            "error: cannot read ",
            ". Did you mean \"analytics.toml\"?",
            "tool.rs:1:20",
        ],
    );
    assert_says(
        &tool.compile("askfirst::catalog!(llm_coding);"),
        &[
            "error: say which catalog, as one text: `catalog!(\"llm-coding\")`, or the path of a \
             .toml file, relative to the crate's Cargo.toml",
            "tool.rs:1:20",
        ],
    );
    let own = tool.root.path().join("analytics.toml");
    let valid = fs::read_to_string(&own).unwrap();
    fs::write(&own, format!("{valid}\n[event.mine\n")).unwrap();
    let line = valid.lines().count() + 2;
    assert_says(
        &tool.compile("askfirst::catalog!(\"analytics.toml\");"),
        &[&format!("error: analytics.toml:{line}"), "tool.rs:1:20"],
    );
    let text =
        "\n[event.mine]\nclass = \"model\"\nwhy = \"Who knows.\"\nproperties = [\"prompt\"]\n";
    fs::write(&own, valid + text).unwrap();
    let said = tool.compile("askfirst::catalog!(\"analytics.toml\");");
    // All problems at once, each with its place.
    assert_says(
        &said,
        &["analytics.toml:", "event.mine", "class", "prompt", "since"],
    );
}
