use std::sync::Arc;

use crate::{Catalog, Models, Problems};

fn parse(text: &str) -> Result<Catalog, Problems> {
    let models = Arc::new(Models::parse(("m", ""), ("p", "")).unwrap());
    Catalog::parse("c.toml", text, models)
}

fn problems(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

const HEAD: &str = "[catalog]\nname = \"small\"\nversion = 2\nmodels = \"models.tsv\"\n";

/// A property or event in one line, with what every one needs.
fn property(name: &str, rest: &str) -> String {
    format!("[property.{name}]\nwhy = \"W.\"\nsince = 1\n{rest}\n")
}

fn event(name: &str, rest: &str) -> String {
    format!(
        "[event.{name}]\nclass = \"models\"\nwhy = \"W.\"\nreports = [\"models\"]\nsince = 1\n\
         expires = \"never: needed\"\n{rest}\n"
    )
}

#[test]
fn what_is_not_toml_is_reported_by_line() {
    insta::assert_snapshot!(problems("[catalog]\nname = small\n[event\nx = 1\n"), @r#"
    c.toml:2: file: not TOML: string values must be quoted, expected literal string; write it as https://toml.io describes
    c.toml:3: file: not TOML: unclosed table, expected `]`; write it as https://toml.io describes
    "#);
}

#[test]
fn an_empty_file_has_no_catalog() {
    insta::assert_snapshot!(problems(""), @"c.toml:1: file: has no [catalog]; name the catalog and its version");
}

#[test]
fn the_head_is_checked() {
    let text =
        "[catalog]\nname = \"LLM coding\"\nversion = 0\nmodel = \"models.tsv\"\n[events.x]\n";
    insta::assert_snapshot!(problems(text), @r#"
    c.toml:1: catalog: has no `models`; name the list, models = "models.tsv"
    c.toml:1: catalog: has no version; write version = 1, or more than the last one
    c.toml:2: catalog: `LLM coding` is not a catalog's name; write a-z, 0-9 and -
    c.toml:4: catalog: unknown key `model`; known here: models, name, version
    c.toml:5: file: unknown key `events`; known here: catalog, common, event, property
    "#);
}

#[test]
fn p02_there_is_no_text_kind() {
    let text = [
        HEAD,
        &property("message", "kind = \"text\"\nmax = 10"),
        &property("path", "kind = \"path\""),
        &event("x", "properties = [\"message\", \"path\"]"),
    ]
    .concat();
    insta::assert_snapshot!(problems(&text), @r#"
    c.toml:8: property.message: there is no text kind; list the words that may occur: kind = "enum", values = [...]
    c.toml:13: property.path: unknown kind `path`; write one of: bool, count, amount, duration, enum, version, model, error, frames, constant
    "#);
}

#[test]
fn every_problem_of_every_entry_is_named_at_once() {
    let text = r#"[catalog]
name = "small"
version = 2
models = "models.tsv"

[common.session]
kind = "bool"
why = "W."
since = 1

[property.Tokens]
kind = "count"
clas = "models"
class = "model"
why = " "
since = 3

[property.exact]
kind = "count"
max = 0
precision = "exact"
why = "W."
since = 1

[property.cut]
kind = "duration"
max = 10
exact_because = "it is not"
precision = "three-digits"
why = "W."
since = 1
alias = ["ok", 7]

[property.words]
kind = "enum"
values = ["a", "a", "other", "b\n", ""]
why = "two\nlines"
since = 1

[property.none]
kind = "error"
values = []
why = "W."
since = 0

[property.short]
kind = "catalog"
why = "W."
since = 1

[property.price]
kind = "amount"
unit = "eur"
why = "W."
since = 1

[property.parted]
kind = "version"
parts = 4
why = "W."
since = 1

[property.fixed]
kind = "constant"
value = 1.5
why = "W."
since = 1

[event.x]
class = "edit"
reports = []
since = -1
expires = "never:"
properties = ["undefined", "exact", "exact", "session"]
spelled = "x_name"

[event." y"]
why = "W."
reports = ["tokens", "models", "models"]
expires = "2028-02-30"
withdrawn = "no"
"#;
    insta::assert_snapshot!(problems(text), @r#"
    c.toml:6: common.session: `session` is what the SDK adds to every event; write it as [common.session] of kind count, or choose another name
    c.toml:11: property.Tokens: is not a property's name; write a-z, 0-9 and _, beginning with a letter or $ and a letter
    c.toml:11: property.Tokens: no event has it; put it into the `properties` of an event, or remove it
    c.toml:12: property.Tokens: a count has no `max`; write the largest number that makes sense
    c.toml:13: property.Tokens: unknown key `clas`; known here: alias, class, exact_because, kind, max, precision, since, why, withdrawn
    c.toml:14: property.Tokens: unknown class `model`; write one of: models, edits, features, errors, platform, work, timing
    c.toml:15: property.Tokens: `why` is empty; say in one sentence why it is collected; users read it
    c.toml:16: property.Tokens: `since` is 3, not a version of this catalog; write a number from 1 to its version
    c.toml:20: property.exact: `max` is 0; write a number from 1 to 9007199254740992
    c.toml:21: property.exact: exact numbers are fingerprints; say in `exact_because` why this one identifies nobody, or cut it
    c.toml:25: property.cut: no event has it; put it into the `properties` of an event, or remove it
    c.toml:29: property.cut: unknown precision `three-digits`; write one of: two-digits, power-of-two, exact
    c.toml:32: property.cut: `alias` cannot be this array; write a list of texts in quotes
    c.toml:34: property.words: no event has it; put it into the `properties` of an event, or remove it
    c.toml:36: property.words: "" is not a word; write printable ASCII, at most 120 bytes
    c.toml:36: property.words: "b\n" is not a word; write printable ASCII, at most 120 bytes
    c.toml:36: property.words: lists `a` twice; list it once
    c.toml:36: property.words: lists `other`; remove it: what is not listed becomes `other` by itself
    c.toml:37: property.words: `why` is not one line of text; say in one sentence why it is collected; users read it
    c.toml:40: property.none: `values` lists 0 words; list from 1 to 1000
    c.toml:40: property.none: no event has it; put it into the `properties` of an event, or remove it
    c.toml:44: property.none: `since` is 0, not a version of this catalog; write a number from 1 to its version
    c.toml:46: property.short: no event has it; put it into the `properties` of an event, or remove it
    c.toml:46: property.short: only `catalog` has the kind catalog; call it common.catalog
    c.toml:51: property.price: no event has it; put it into the `properties` of an event, or remove it
    c.toml:53: property.price: unknown unit `eur`; write usd
    c.toml:57: property.parted: no event has it; put it into the `properties` of an event, or remove it
    c.toml:59: property.parted: `parts` is 4; write 3 for MAJOR.MINOR.PATCH or 2 for MAJOR.MINOR
    c.toml:63: property.fixed: no event has it; put it into the `properties` of an event, or remove it
    c.toml:65: property.fixed: `value` cannot be this float; write true, false, a whole number or a printable text
    c.toml:69: event.x: has no `why`; say in one sentence why it is collected; users read it
    c.toml:69: event.x: no report uses it; write in `reports` which does, or remove it: overview, activity, models, edits, commands, exits, errors, versions, retention, funnel, quality
    c.toml:70: event.x: unknown class `edit`; write one of: models, edits, features, errors, platform, work, timing
    c.toml:72: event.x: `since` cannot be this integer; write a whole number of at least 0
    c.toml:73: event.x: never expires, without a reason; write "never: REASON" or its last day, "2028-12-31"
    c.toml:74: event.x: has the undefined property `undefined`; define [property.undefined], or remove it here
    c.toml:74: event.x: lists `exact` twice; list it once
    c.toml:74: event.x: lists the common property `session`; remove it here: it may stand on every event anyway
    c.toml:75: event.x: `spelled` is "x_name"; write a prefix and the property in braces: "command_{name}"
    c.toml:77: event. y: has no `class`; write one of: models, edits, features, errors, platform, work, timing
    c.toml:77: event. y: has no `since`; write the catalog version that brought it
    c.toml:77: event. y: is not an event's name; write printable ASCII, at most 64 bytes
    c.toml:79: event. y: lists `models` twice; list it once
    c.toml:79: event. y: unknown report `tokens`; write some of: overview, activity, models, edits, commands, exits, errors, versions, retention, funnel, quality
    c.toml:80: event. y: `expires` is "2028-02-30"; write "never: REASON" or its last day, "2028-12-31"
    c.toml:81: event. y: `withdrawn` cannot be this string; write true or false
    "#);
}

#[test]
fn a_property_nobody_has_is_refused_unless_withdrawn() {
    let text = [
        HEAD,
        &property("a", "kind = \"bool\""),
        &property("b", "kind = \"bool\"\nwithdrawn = true"),
    ]
    .concat();
    insta::assert_snapshot!(problems(&text), @"c.toml:5: property.a: no event has it; put it into the `properties` of an event, or remove it");
}

#[test]
fn a_word_means_one_thing_on_one_event() {
    let text = [
        HEAD,
        "[common.version]\nkind = \"version\"\nwhy = \"W.\"\nsince = 1\nalias = [\"v\"]\n",
        &property("a", "kind = \"bool\"\nalias = [\"model\"]"),
        &property("b", "kind = \"bool\"\nalias = [\"model\"]"),
        &property("v", "kind = \"bool\""),
        &event("x", "properties = [\"a\"]\nalias = [\"z\"]"),
        &event("y", "properties = [\"a\", \"b\"]\nalias = [\"x\", \"z\"]"),
        &event("w", "properties = [\"v\"]"),
    ]
    .concat();
    insta::assert_snapshot!(problems(&text), @r#"
    c.toml:19: property.b: on event.y the word `model` also means property.a; rename one of them, or remove the alias
    c.toml:20: common.version: on event.w the word `v` also means property.v; rename one of them, or remove the alias
    c.toml:39: event.y: the name `x` also means event.x; rename one of them, or remove the alias
    c.toml:39: event.y: the name `z` also means event.x; rename one of them, or remove the alias
    "#);
}

#[test]
fn two_properties_do_not_share_a_column() {
    let text = [
        HEAD,
        "[common.\"$lib\"]\nkind = \"bool\"\nwhy = \"W.\"\nsince = 1\n",
        "[common.twice]\nkind = \"bool\"\nwhy = \"W.\"\nsince = 1\n",
        &property("lib", "kind = \"bool\""),
        &property("twice", "kind = \"count\"\nmax = 1"),
        &event("x", "properties = [\"lib\"]"),
    ]
    .concat();
    insta::assert_snapshot!(problems(&text), @r#"
    c.toml:13: property.lib: has the column `p_lib` of common.$lib; rename one of them: `$` is not part of a column's name
    c.toml:17: property.twice: has the column `p_twice` of common.twice; rename one of them: `$` is not part of a column's name
    c.toml:17: property.twice: no event has it; put it into the `properties` of an event, or remove it
    "#);
}

#[test]
fn a_spelled_name_is_one_event_and_one_listed_word() {
    let words = "kind = \"enum\"\nvalues = [\"ask\", \"flow\"]";
    let text = [
        HEAD,
        &property("name", words),
        &property("step", words),
        &property("on", "kind = \"bool\""),
        &event("a", "properties = [\"name\"]\nspelled = \"command_{name}\""),
        &event(
            "b",
            "properties = [\"step\"]\nspelled = \"command_do_{step}\"",
        ),
        &event("c", "properties = [\"on\"]\nspelled = \"c_{on}\""),
        &event("d", "properties = [\"on\"]\nspelled = \"d_{name}\""),
        &event("e", "properties = [\"name\"]\nspelled = \"{name}\""),
        &event("f", "properties = [\"name\"]\nspelled = \"f_{name}_x\""),
        &event("command_ask", ""),
        &event("command_other", ""),
    ]
    .concat();
    insta::assert_snapshot!(problems(&text), @r#"
    c.toml:26: event.a: its prefix `command_` begins that of event.b; choose prefixes of which none begins another
    c.toml:42: event.c: spells `on`, which is no enum; spell an enum: only words of a closed list can stand in a name
    c.toml:50: event.d: spells `name`, which is not a property of it; put it into `properties`, or spell another
    c.toml:58: event.e: `spelled` is "{name}"; write a prefix and the property in braces: "command_{name}"
    c.toml:66: event.f: `spelled` is "f_{name}_x"; write a prefix and the property in braces: "command_{name}"
    c.toml:67: event.command_ask: the name `command_ask` is also spelled by event.a; remove the word from its list, or rename this event
    "#);
}

#[test]
fn b19_money_needs_the_model_beside_it() {
    let price = property("cost", "kind = \"amount\"\nunit = \"usd\"");
    let text = [HEAD, &price, &event("x", "properties = [\"cost\"]")].concat();
    insta::assert_snapshot!(problems(&text), @"c.toml:10: event.x: has an amount of money without the model it was paid for; add the property `main_model`: without a public model no price is admitted");
}

#[test]
fn the_canonical_form_reads_back_to_the_same_hash() {
    let catalog = Catalog::builtin();
    let again = Catalog::parse("again", catalog.canonical(), Models::builtin()).unwrap();
    assert_eq!(again.canonical(), catalog.canonical());
    assert_eq!(again.sha256(), catalog.sha256());
    assert_eq!(again.events(), &sorted(&catalog));
}

/// The events as the canonical form orders what is in them.
fn sorted(catalog: &Catalog) -> Vec<crate::Event> {
    let mut events = catalog.events().to_vec();
    for event in &mut events {
        event.properties.sort_unstable();
        event.reports.sort_unstable();
        event.aliases.sort_unstable();
    }
    events
}

/// Order, comments and written-out defaults are not part of what a catalog says.
#[test]
fn the_canonical_form_is_the_same_for_every_spelling() {
    let one = [
        HEAD,
        &property(
            "a",
            "kind = \"enum\"\nvalues = [\"x\", \"y\"]\nalias = [\"q\", \"p\"]",
        ),
        &property("b", "kind = \"duration\""),
        &event(
            "\"e 1\"",
            "properties = [\"a\", \"b\"]\nspelled = \"e_{a}\"",
        ),
        &event("d", "properties = []"),
    ]
    .concat();
    let other = [
        "# a comment\n",
        &event("d", "withdrawn = false"),
        &event("'e 1'", "spelled = 'e_{a}'\nproperties = [\"b\", \"a\"]"),
        &property(
            "b",
            "kind = \"duration\"\nmax = 31_622_400_000\nprecision = \"power-of-two\"",
        ),
        &property(
            "a",
            "kind = \"enum\"\nother = true\nvalues = [\"y\", \"x\"]\nalias = [\"p\", \"q\"]",
        ),
        HEAD,
    ]
    .concat();
    let (one, other) = (parse(&one).unwrap(), parse(&other).unwrap());
    assert_eq!(one.canonical(), other.canonical());
    assert_eq!(one.short_hex(), other.short_hex());
    insta::assert_snapshot!(one.canonical(), @r#"
    [catalog]
    name = "small"
    version = 2
    models = "models.tsv"

    [property.a]
    kind = "enum"
    why = "W."
    since = 1
    alias = ["p", "q"]
    values = ["x", "y"]
    other = true
    withdrawn = false

    [property.b]
    kind = "duration"
    why = "W."
    since = 1
    alias = []
    max = 31622400000
    precision = "power-of-two"
    withdrawn = false

    [event.d]
    class = "models"
    why = "W."
    reports = ["models"]
    since = 1
    expires = "never: needed"
    alias = []
    properties = []
    withdrawn = false

    [event."e 1"]
    class = "models"
    why = "W."
    reports = ["models"]
    since = 1
    expires = "never: needed"
    alias = []
    properties = ["a", "b"]
    spelled = "e_{a}"
    withdrawn = false
    "#);
}

/// A hash that changes by itself would make every stored catalog unknown.
#[test]
fn the_hash_of_a_catalog_does_not_change_with_this_program() {
    let text = [HEAD, &event("\"q\\\"\\\\é\"", "")].concat();
    assert!(problems(&text).contains("not an event's name"));
    let text = [
        HEAD,
        &event("x", "").replace("W.", "a \\\"quoted\\\" é \\\\ sentence"),
    ]
    .concat();
    let catalog = parse(&text).unwrap();
    assert_eq!(
        parse(catalog.canonical()).unwrap().sha256(),
        catalog.sha256()
    );
    insta::assert_snapshot!(catalog.short_hex(), @"69ead1e6");
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(128))]

    /// A damaged catalog is refused or read, and never stops the program.
    #[test]
    fn no_damage_makes_the_parser_panic(cuts in proptest::collection::vec((0.0..1.0, 0_usize..80), 1..12)) {
        let mut text = include_str!("../../../../catalogs/llm-coding.toml").to_owned();
        for (at, length) in cuts {
            let start = text.floor_char_boundary((text.len() as f64 * at) as usize);
            let end = text.ceil_char_boundary((start + length).min(text.len()));
            text.replace_range(start..end, "");
        }
        if let Err(problems) = Catalog::parse("c.toml", &text, Models::builtin()) {
            proptest::prop_assert!(!problems.is_empty());
        }
    }
}
