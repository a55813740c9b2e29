//! Breakages B01 and B02: messages, paths, source lines and variables of exceptions.

use super::*;

/// posthog-python 7.8.6: root cause first, source lines in every frame.
const PYTHON: &str = r#"[
    {"type": "FileNotFoundError", "module": null, "value": "No such file: '/home/alice/main.py'",
     "mechanism": {"type": "generic", "handled": true, "meta": {"errno": {"number": 2}}},
     "stacktrace": {"type": "raw", "frames": [
        {"platform": "python", "filename": "aider/main.py", "abs_path": "/home/alice/aider/main.py",
         "function": "main", "module": "aider.main", "lineno": 1149, "in_app": true,
         "pre_context": ["password = \"hunter2\"", null], "context_line": "coder.run()"},
        {"module": "acme.secret_plugin", "lineno": 4, "filename": "secret_plugin.py"},
        {"module": "aider.coders.base_coder", "lineno": 861, "function": "run"},
        {"module": "aider.io", "lineno": null},
        {"module": "aider.io", "lineno": "12"},
        {"module": 7, "lineno": 7},
        {"lineno": 7},
        {"module": "pathlib", "lineno": 1013}]}},
    {"type": "ValueError", "module": null, "value": "cannot open /home/alice/main.py",
     "stacktrace": {"type": "raw", "frames": [{"module": "aider.main", "lineno": 5}]}}
]"#;

#[test]
fn b02_of_a_python_exception_class_and_own_frames_are_kept() {
    let properties = [
        ("$exception_list", Raw::Json(PYTHON)),
        (
            "$exception_message",
            Raw::Str("cannot open /home/alice/main.py"),
        ),
        ("$exception_level", Raw::Str("error")),
        ("$lib", Raw::Str("posthog-python")),
        ("aider_version", Raw::Str("0.86.2")),
    ];
    insta::assert_snapshot!(admit("$exception", &properties), @r#"
    exception $lib="posthog-python" dev=false error="FileNotFoundError" frames="aider.coders.base_coder:861;aider.main:1149" version="0.86.2"
    unknown_property: 2
    "#);
}

#[test]
fn b02_of_a_version_that_was_not_released_the_class_alone_is_kept() {
    let properties = [
        ("$exception_list", Raw::Json(PYTHON)),
        ("aider_version", Raw::Str("0.86.2.dev1")),
    ];
    insta::assert_snapshot!(admit("$exception", &properties), @r#"
    exception dev=true error="FileNotFoundError" version="0.86.2"
    not_collected: 1
    "#);
}

#[test]
fn b02_of_a_javascript_exception_the_class_is_kept() {
    let node = r#"[{"type": "RangeError", "value": "boom", "mechanism": {"handled": true},
        "stacktrace": {"type": "raw", "frames": [{"filename": "t.mjs", "module": "t",
        "function": "?", "lineno": 9, "in_app": true, "context_line": "secret()"}]}}]"#;
    let trace = r#"[{"filename": "file:///home/dev/run.mjs", "function": "?", "lineno": 13}]"#;
    assert_eq!(
        admit("$exception", &[("$exception_list", Raw::Json(node))]),
        r#"exception error="RangeError""#
    );
    let browser = [
        ("$exception_type", Raw::Str("TypeError")),
        ("$exception_message", Raw::Str("boom")),
        ("$exception_stack_trace_raw", Raw::Str(trace)),
    ];
    assert_eq!(
        admit("$exception", &browser),
        "exception error=\"TypeError\"\nunknown_property: 1"
    );
}

#[test]
fn a_class_is_found_by_its_module() {
    let class = |module: &str, class: &str| {
        let list = format!(r#"[{{"type": "{class}", "module": "{module}", "value": ""}}]"#);
        admit("$exception", &[("$exception_list", Raw::Json(&list))])
    };
    let kept = |class: &str| format!("exception error=\"{class}\"");
    assert_eq!(
        class("litellm.exceptions", "BadRequestError"),
        kept("litellm.BadRequestError")
    );
    assert_eq!(
        class("git.exc", "GitCommandError"),
        kept("git.GitCommandError")
    );
    assert_eq!(class("builtins", "ValueError"), kept("ValueError"));
    assert_eq!(class("", "ValueError"), kept("ValueError"));
    assert_eq!(
        class("acme.errors", "BadRequestError"),
        format!("{}\nnot_listed: 1", kept("other"))
    );
}

#[test]
fn b01_of_an_exception_text_only_a_leading_class_is_kept() {
    for (text, kept) in [
        (
            "litellm.BadRequestError: openai said: my whole chat",
            "litellm.BadRequestError",
        ),
        (
            "litellm.exceptions.BadRequestError: my chat",
            "litellm.BadRequestError",
        ),
        ("ValueError", "ValueError"),
        ("ValueError('my chat')", "ValueError"),
        ("other", "other"),
    ] {
        let answer = admit("message_send_exception", &[("exception", Raw::Str(text))]);
        assert_eq!(
            answer,
            format!("message_send_exception error=\"{kept}\""),
            "{text}"
        );
    }
    let long = format!("{}: my chat", "a.".repeat(100_000));
    for text in [
        "[Errno 61] Connection refused",
        "name 'self' is not defined",
        "ValueError in my chat",
        "my.Chat: text",
        "BadRequestError: my chat",
        ".ValueErro",
        "...",
        "",
        &long,
    ] {
        let answer = admit("message_send_exception", &[("exception", Raw::Str(text))]);
        assert_eq!(
            answer, "message_send_exception error=\"other\"\nnot_listed: 1",
            "{text}"
        );
    }
}

#[test]
fn what_cannot_be_read_is_an_exception_of_class_other() {
    let huge = format!("[{}]", " ".repeat(2 << 20));
    let deep = "[".repeat(100_000);
    for list in [
        "",
        "[",
        "{}",
        "null",
        "[7]",
        "[{\"type\": 7}]",
        &huge,
        &deep,
    ] {
        let answer = admit("$exception", &[("$exception_list", Raw::Json(list))]);
        assert_eq!(answer, "exception error=\"other\"\nnot_listed: 1");
    }
    assert_eq!(admit("$exception", &[]), "exception");
}

#[test]
fn our_own_frames_are_checked_again() {
    let frames = "aider.io:7;acme.secret:1;aider.io:x;aider.main:0;aider.main;aider.repo:9999999";
    let properties = [
        ("error", Raw::Str("KeyError")),
        ("frames", Raw::Str(frames)),
    ];
    assert_eq!(
        admit("exception", &properties),
        r#"exception error="KeyError" frames="aider.io:7""#
    );
    let many = (1..20)
        .map(|n| format!("aider.io:{n}"))
        .collect::<Vec<_>>()
        .join(";");
    assert_eq!(
        admit("exception", &[("frames", Raw::Str(&many))]),
        r#"exception frames="aider.io:1;aider.io:2;aider.io:3;aider.io:4;aider.io:5;aider.io:6;aider.io:7;aider.io:8""#
    );
    assert_eq!(
        admit("exception", &[("frames", Raw::Str("acme.secret:1"))]),
        "exception\nnot_listed: 1"
    );
}
