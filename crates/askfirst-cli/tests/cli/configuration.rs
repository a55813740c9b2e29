//! Flag, variable, file, default: in this order, each under the same name.

use crate::home::Home;

#[test]
fn a_flag_wins_over_the_variable_the_variable_over_the_file() {
    let home = Home::new();
    for data in ["flag", "variable", "file"] {
        home.ok(&format!("project add of-{data} --host aider --data {data}"));
    }
    let config = home.write("askfirst.toml", "data = \"file\"\n");
    let list = |args: &[&str], variable: Option<&str>| {
        let mut command = home.askfirst();
        command
            .args(["project", "list"])
            .args(args)
            .env("ASKFIRST_CONFIG", &config);
        if let Some(data) = variable {
            command.env("ASKFIRST_DATA", data);
        }
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    assert!(list(&[], None).contains("of-file"));
    assert!(list(&[], Some("variable")).contains("of-variable"));
    assert!(list(&["--data", "flag"], Some("variable")).contains("of-flag"));
}

#[test]
fn the_file_in_the_data_directory_is_read_by_itself() {
    let home = Home::new();
    home.ok("project add mine --host aider");
    home.write("share/askfirst/askfirst.toml", "format = \"json\"\n");
    assert_eq!(home.json("project list")["projects"][0]["name"], "mine");
    assert!(home.ok("project list --format table").contains("mine"));
}

#[test]
fn an_unknown_key_is_an_error_with_file_line_and_the_valid_keys() {
    let home = Home::new();
    let config = home.write(
        "askfirst.toml",
        "format = \"json\"\nlisten-on = \"127.0.0.1:1\"\n",
    );
    let said = home.run("status --config askfirst.toml").refused(2);
    assert!(said.contains("askfirst.toml:2: listen-on"), "{said}");
    assert!(
        said.contains("color, compare, data, day-rows, format, from, host, listen, model, "),
        "{said}"
    );
    let missing = home.run("status --config nowhere.toml").refused(1);
    assert!(missing.contains("nowhere.toml"), "{missing}");
    drop(config);
}

#[test]
fn a_config_file_cannot_confirm_a_removal() {
    let home = Home::new();
    home.write("askfirst.toml", "confirm = \"mine\"\n");
    let said = home
        .run("project remove mine --config askfirst.toml")
        .refused(2);
    assert!(
        said.contains("askfirst.toml:1: confirm: there is no such setting"),
        "{said}"
    );
}

#[test]
fn every_command_has_help_with_examples() {
    let home = Home::new();
    for command in [
        "",
        "serve",
        "project",
        "project add",
        "project list",
        "project rotate",
        "project remove",
        "import",
        "report",
        "status",
        "catalog",
        "catalog check",
        "catalog page",
        "catalog privacy",
        "catalog diff",
        "catalog symbols",
    ] {
        let help = home.ok(&format!("{command} --help"));
        assert!(help.contains("Examples:\n  askfirst "), "{command}: {help}");
        assert!(
            help.lines().all(|line| line.chars().count() <= 100),
            "{command}: {help}"
        );
    }
    assert!(home.ok("--version").starts_with("askfirst 0."));
}
