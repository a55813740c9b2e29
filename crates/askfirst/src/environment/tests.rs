use super::*;

fn with(variables: &[(&str, &str)]) -> Environment {
    Environment::new(None, variables.iter().copied())
}

#[test]
fn a_variable_counts_unless_it_is_empty_or_says_no() {
    for (value, counts) in [
        ("1", true),
        ("true", true),
        ("anything", true),
        ("", false),
        (" ", false),
        ("0", false),
        ("false", false),
        ("FALSE", false),
        ("no", false),
        ("Off", false),
    ] {
        assert_eq!(
            with(&[("DO_NOT_TRACK", value)]).says("DO_NOT_TRACK"),
            counts,
            "{value:?}"
        );
    }
    assert!(!with(&[]).says("DO_NOT_TRACK"));
}

#[test]
fn every_service_is_known_by_its_own_variables_and_only_all_of_them() {
    for service in &ci::SERVICES {
        let set: Vec<(&str, &str)> = service.variables.iter().map(|name| (*name, "x")).collect();
        assert_eq!(ci(&with(&set)), Some(service.name));
        if set.len() > 1 {
            assert_eq!(ci(&with(&set[..1])), None, "{}", service.name);
        }
    }
    assert_eq!(ci(&with(&[("CI", "false"), ("TERM", "xterm")])), None);
}

#[test]
fn every_agent_is_known_by_its_variable() {
    for agent_ in &agents::AGENTS {
        let value = agent_.value.unwrap_or("1");
        assert_eq!(agent(&with(&[(agent_.variable, value)])), Some(agent_.name));
        assert_eq!(agent(&with(&[(agent_.variable, "0")])), None);
    }
}

#[test]
fn b05_a_terminal_of_an_editor_is_a_person() {
    let editor = [
        ("TERM_PROGRAM", "vscode"),
        ("CURSOR_TRACE_ID", "x"),
        ("SSH_AGENT_PID", "1"),
    ];
    assert_eq!(agent(&with(&editor)), None);
}

#[test]
fn b04_a_home_that_is_no_whole_path_is_none() {
    for home in ["", ".", "project"] {
        let environment = Environment::new(Some(Path::new(home)), [("A", "b")]);
        assert_eq!(environment.home(), None, "{home:?}");
    }
}

#[test]
fn p02_the_environment_is_never_printed() {
    let secret = with(&[("OPENAI_API_KEY", "sk-secret")]);
    assert!(!format!("{secret:?}").contains("secret"));
}

#[test]
fn of_two_values_of_a_variable_the_one_counts_that_the_c_library_takes() {
    let twice = with(&[("DO_NOT_TRACK", "1"), ("A", "b"), ("DO_NOT_TRACK", "0")]);
    assert!(twice.says("DO_NOT_TRACK"));
    assert_eq!(twice.since(&twice.clone()).count(), 0);
    let start = with(&[("DO_NOT_TRACK", "0")]);
    let since: Vec<_> = twice.since(&start).collect();
    assert_eq!(since, [("DO_NOT_TRACK", "1".as_ref()), ("A", "b".as_ref())]);
}
