//! What a catalog is checked for, and what is printed of it.

use crate::home::Home;

#[test]
fn the_shipped_catalog_and_profiles_are_in_order() {
    let home = Home::new();
    let said = home.ok("catalog check");
    assert!(said.contains("llm-coding"), "{said}");
    assert!(said.contains("aider"), "{said}");
}

#[test]
fn every_problem_is_named_at_once_with_file_line_rule_and_fix() {
    let home = Home::new();
    let bad = "[catalog]\nname = \"x\"\nversion = 1\nmodels = \"models.tsv\"\n\n\
               [property.a]\nkind = \"text\"\nwhy = \"w\"\nsince = 1\n\n\
               [event.b]\nclass = \"everything\"\n";
    home.write("bad.toml", bad);
    let said = home.run("catalog check bad.toml");
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.stderr.contains("bad.toml:7: "), "{said:?}");
    assert!(said.stderr.contains("bad.toml:12: "), "{said:?}");
}

#[test]
fn p03_every_host_has_a_page_and_a_privacy_notice() {
    let home = Home::new();
    for host in ["aider", "blackboxai", "cecli", "dev", "llmcode"] {
        let page = home.ok(&format!("catalog page --host {host}"));
        assert!(page.contains("# Analytics"), "{host}: {page}");
        assert!(page.contains("message_send"), "{host}: {page}");
        let notice = home.ok(&format!("catalog privacy --host {host}"));
        assert!(notice.lines().count() > 10, "{host}: {notice}");
    }
    let said = home.run("catalog page").refused(2);
    assert!(said.contains("--host"), "{said}");
}

#[test]
fn a_diff_of_two_catalogs_says_what_begins_and_ends() {
    let home = Home::new();
    let shipped = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../catalogs/llm-coding.toml"
    );
    let same = home.run_args(&["catalog", "diff", shipped, shipped]).ok();
    assert!(same.contains("no difference"), "{same}");
    let missing = home
        .run_args(&["catalog", "diff", shipped, "nowhere.toml"])
        .refused(1);
    assert!(missing.contains("nowhere.toml"), "{missing}");
}

#[test]
fn symbols_lists_the_modules_of_a_package() {
    let home = Home::new();
    home.write("src/tool/__init__.py", "");
    home.write("src/tool/main.py", "");
    home.write("src/tool/coders/__init__.py", "");
    home.write("src/tool/coders/base.py", "");
    home.write("src/other/secret.py", "");
    let said = home.ok("catalog symbols src tool");
    let modules: Vec<&str> = said.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(
        modules,
        ["tool", "tool.coders", "tool.coders.base", "tool.main"]
    );
}
