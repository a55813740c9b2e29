//! What the tests need beside Rust: one table, read by [`crate::setup`].
//!
//! The folder names are read by the tests too (`tests/flows/peer.rs` and the
//! DuckDB comparisons of `askfirst-query`), which look for the stamp file.

use crate::interpreters::Versions;

/// The file that says, inside an environment, what was installed there. It is
/// written last, so a half-finished installation has none.
pub(crate) const STAMP: &str = "pins";

/// A Python environment of its own.
pub(crate) struct PythonEnvironment {
    /// Folder below `.cache/`.
    pub(crate) folder: &'static str,
    /// File below `tests/peers/`.
    pub(crate) requirements: &'static str,
    /// What can run it.
    pub(crate) versions: Versions,
    /// The tests that do not run without it.
    pub(crate) tests: &'static str,
    /// What a person should know while waiting.
    pub(crate) note: &'static str,
}

const ANY_PYTHON: Versions = Versions {
    from: (3, 10),
    below: (4, 0),
};

/// What the package `askfirst` says of itself (`crates/askfirst-python/pyproject.toml`).
const PACKAGE_PYTHON: Versions = Versions {
    from: (3, 9),
    below: (4, 0),
};

/// aider 0.86.2 says so in its metadata.
const AIDER_PYTHON: Versions = Versions {
    from: (3, 10),
    below: (3, 13),
};

const SDK_TESTS: &str = "the flow tests with the unmodified posthog SDKs";

/// Where the package `askfirst` is built, installed and tested.
pub(crate) const PACKAGE: PythonEnvironment = PythonEnvironment {
    folder: "askfirst-python",
    requirements: "requirements-python.txt",
    versions: PACKAGE_PYTHON,
    tests: "the tests of the Python package, and the flow tests with askfirst-run",
    note: "130 MB",
};

/// The Python environments, each for itself because their pins contradict.
pub(crate) const PYTHON: [PythonEnvironment; 8] = [
    PACKAGE,
    PythonEnvironment {
        folder: "py",
        requirements: "requirements-oracle.txt",
        versions: ANY_PYTHON,
        tests: "the comparisons of reports with DuckDB",
        note: "20 MB",
    },
    PythonEnvironment {
        folder: "peers/posthog-3.25.0",
        requirements: "requirements-posthog-3.25.0.txt",
        versions: ANY_PYTHON,
        tests: SDK_TESTS,
        note: "5 MB",
    },
    PythonEnvironment {
        folder: "peers/posthog-6.9.3",
        requirements: "requirements-posthog-6.9.3.txt",
        versions: ANY_PYTHON,
        tests: SDK_TESTS,
        note: "5 MB",
    },
    PythonEnvironment {
        folder: "peers/posthog-7.8.6",
        requirements: "requirements-posthog-7.8.6.txt",
        versions: ANY_PYTHON,
        tests: SDK_TESTS,
        note: "5 MB",
    },
    PythonEnvironment {
        folder: "peers/posthog-7.91.1",
        requirements: "requirements-posthog-7.91.1.txt",
        versions: ANY_PYTHON,
        tests: SDK_TESTS,
        note: "5 MB",
    },
    PythonEnvironment {
        folder: "peers/aider-0.86.2",
        requirements: "requirements-aider.txt",
        versions: AIDER_PYTHON,
        tests: "the flow tests with an unmodified aider, and its check on askfirst",
        note: "700 MB, one to three minutes",
    },
    PythonEnvironment {
        folder: "peers/cecli-1.10.0",
        requirements: "requirements-cecli.txt",
        versions: AIDER_PYTHON,
        tests: "the check of cecli on askfirst",
        note: "1 GB, one to five minutes",
    },
];

/// The tools of the scoreboard that no test needs: installed by `cargo xtask scoreboard` alone.
pub(crate) const SCOREBOARD: [PythonEnvironment; 2] = [
    PythonEnvironment {
        folder: "peers/llmcode-0.1.1",
        requirements: "requirements-llmcode.txt",
        versions: AIDER_PYTHON,
        tests: "the scoreboard of llmcode",
        note: "700 MB, one to five minutes",
    },
    PythonEnvironment {
        folder: "peers/dev-0.0.1",
        requirements: "requirements-dev.txt",
        versions: AIDER_PYTHON,
        tests: "the scoreboard of dev",
        note: "500 MB, one to five minutes",
    },
];

/// Folder below `.cache/` for the own tests of tools, out of their sources, and a pytest for
/// them: a folder for each, by the name of its package, in which stand that package's first
/// file and the tests, and nothing else.
pub(crate) const OWN_TESTS_FOLDER: &str = "peers/own-tests";

/// The environment whose Python they run with: a tool's that all of them were copied from.
pub(crate) const OWN_TESTS_TOOL: &str = "peers/aider-0.86.2";

/// The tools' sources, with the names of their packages.
pub(crate) const OWN_TESTS: [(&str, &str); 3] = [
    ("aider-chat==0.86.2", "aider"),
    ("llmcode-chat==0.1.1", "llmcode"),
    ("hanzo-dev==0.0.1", "dev"),
];

/// The file of each that has the tests of its analytics.
pub(crate) const OWN_TESTS_FILE: &str = "tests/basic/test_analytics.py";

/// What runs them: the environment of the tool is left as it is.
pub(crate) const OWN_TESTS_PYTEST: [&str; 3] =
    ["pytest==8.4.2", "pygments==2.19.2", "packaging==26.0"];

/// Folder below `.cache/` for the Node packages of `tests/peers/package.json`.
pub(crate) const NODE_FOLDER: &str = "peers/node";

/// The tests that do not run without Node.
pub(crate) const NODE_TESTS: &str =
    "the flow tests with the unmodified posthog-node, and the browser tests of the pages";

/// Names the browser goes by; `tests/flows/browser.rs` looks for the same.
pub(crate) const BROWSER: [&str; 2] = ["chromium", "chromium-browser"];

/// Its package on Debian and Ubuntu.
pub(crate) const BROWSER_PACKAGE: &str = "chromium";

/// The tests that do not run without it.
pub(crate) const BROWSER_TESTS: &str = "the browser tests of the pages";
