use super::*;

fn models() -> Models {
    let names = "anthropic.claude-v2\tbedrock\nazure/gpt-4o\tazure\nclaude-3-5-haiku\tanthropic\n\
                 gpt-4o\topenai,azure\nollama/llama3\tollama\n";
    Models::parse(
        ("m", names),
        ("p", "anthropic\nazure\nbedrock\nollama\nopenai\n"),
    )
    .unwrap()
}

#[test]
fn b08_names_that_are_not_listed_lose_everything_but_a_public_provider() {
    let models = models();
    for (name, kept) in [
        ("my-secret-model", "REDACTED"),
        ("openai/my-secret-model", "openai/REDACTED"),
        ("openai/acme/my-secret-model", "openai/REDACTED"),
        ("my-secret-proxy/REDACTED", "REDACTED"),
        ("my-secret-proxy/gpt-4o", "REDACTED"),
        ("openai/REDACTED", "openai/REDACTED"),
        ("REDACTED", "REDACTED"),
        ("None", "REDACTED"),
        ("openai/None", "openai/REDACTED"),
        ("", "REDACTED"),
        ("openai", "REDACTED"),
        ("openai/", "openai/REDACTED"),
        ("GPT-4o", "REDACTED"),
        ("gpt-4o ", "REDACTED"),
        ("ft:gpt-4o:acme::abc", "REDACTED"),
        ("gpt-4o-20241301", "REDACTED"),
        ("gpt-4o-1203", "REDACTED"),
        ("ollama/gpt-4o", "ollama/REDACTED"),
        ("us.acme.secret", "REDACTED"),
        ("eu/acme/secret", "REDACTED"),
    ] {
        let model = models.admit(name);
        assert_eq!((&*model.text, model.redacted), (kept, true), "{name}");
    }
}

#[test]
fn listed_names_are_kept() {
    let models = models();
    for (name, kept) in [
        ("gpt-4o", "gpt-4o"),
        ("ollama/llama3", "ollama/llama3"),
        ("openai/gpt-4o", "openai/gpt-4o"),
        ("azure/gpt-4o", "azure/gpt-4o"),
        ("azure/eu/gpt-4o", "azure/gpt-4o"),
        ("us.anthropic.claude-v2", "anthropic.claude-v2"),
        (
            "bedrock/us-east-1/anthropic.claude-v2",
            "bedrock/anthropic.claude-v2",
        ),
        (
            "bedrock/us.anthropic.claude-v2",
            "bedrock/anthropic.claude-v2",
        ),
        ("gpt-4o-2024-08-06", "gpt-4o"),
        ("azure/gpt-4o-20240806", "azure/gpt-4o"),
        ("claude-3-5-haiku-latest", "claude-3-5-haiku"),
        ("us.anthropic.claude-v2-20240229", "anthropic.claude-v2"),
    ] {
        let model = models.admit(name);
        assert_eq!((&*model.text, model.redacted), (kept, false), "{name}");
    }
}

#[test]
fn a_broken_list_names_every_line_at_once() {
    let names = "# comment\nb\topenai\na\topenai\nno-tab\nNone\topenai\nx y\topenai\nz\tacme\n";
    let problems =
        Models::parse(("models.tsv", names), ("providers.txt", "openai\nOpenAI\n")).unwrap_err();
    insta::assert_snapshot!(problems, @r#"
    models.tsv:3: a: is double or out of order; sort the file by bytes, each name once
    models.tsv:4: no-tab: has no tab; write NAME<TAB>PROVIDER[,PROVIDER...]
    models.tsv:5: None: is double or out of order; sort the file by bytes, each name once
    models.tsv:5: None: is not a model's name; write printable ASCII without spaces, at most 200 bytes, never None or REDACTED
    models.tsv:6: x y: is not a model's name; write printable ASCII without spaces, at most 200 bytes, never None or REDACTED
    models.tsv:7: z: has the unlisted provider `acme`; add it to providers.txt
    providers.txt:2: OpenAI: is double or out of order; sort the file by bytes, each name once
    providers.txt:2: OpenAI: is not a provider's name; write a-z, 0-9, _ and -
    "#);
}

#[test]
fn the_built_in_lists_are_valid() {
    let models = Models::builtin();
    assert!(models.len() > 3000, "{} names", models.len());
    assert!(models.date().is_some());
    for listed in [
        "gpt-4o",
        "claude-3-5-sonnet-20241022",
        "deepseek/deepseek-chat",
    ] {
        assert!(!models.admit(listed).redacted, "{listed}");
    }
}
