//! Breakage B19: cost by tokens reveals the model, or a contract price.

use super::*;

#[test]
fn b19_a_price_needs_a_public_model() {
    for model in [
        "my-own-model",
        "openai/my-own-model",
        "REDACTED",
        "None",
        "",
    ] {
        let answer = admit(
            "message_send",
            &[
                ("cost", Raw::Float(0.25)),
                ("main_model", Raw::Str(model)),
                ("weak_model", Raw::Str("gpt-4o")),
                ("prompt_tokens", Raw::Int(7)),
            ],
        );
        assert!(answer.contains("money_refused: 1"), "{model}: {answer}");
        assert!(!answer.contains("cost"), "{model}: {answer}");
        assert!(answer.contains("prompt_tokens=7"), "{model}: {answer}");
    }
}

#[test]
fn b19_a_price_without_any_model_is_refused() {
    for no_model in [Raw::Null, Raw::Int(1), Raw::Json("{}")] {
        let properties = [("cost", Raw::Int(0)), ("main_model", no_model)];
        let answer = admit("message_send", &properties);
        assert!(answer.contains("money_refused: 1"), "{answer}");
    }
}

#[test]
fn b19_a_price_of_a_public_model_is_kept_in_any_order() {
    let properties = [
        ("cost", Raw::Float(0.25)),
        ("main_model", Raw::Str("gpt-4o")),
    ];
    let kept = r#"message_send cost=250000000n main_model="gpt-4o""#;
    assert_eq!(admit("message_send", &properties), kept);
    let properties = [properties[1], properties[0]];
    assert_eq!(admit("message_send", &properties), kept);
}

#[test]
fn b19_a_second_model_does_not_make_the_price_of_the_first_public() {
    let properties = [
        ("main_model", Raw::Str("my-own-model")),
        ("main_model", Raw::Str("gpt-4o")),
        ("cost", Raw::Float(0.25)),
    ];
    let answer = admit("message_send", &properties);
    assert!(!answer.contains("cost"), "{answer}");
}

#[test]
fn b19_running_totals_are_not_collected() {
    let properties = [
        ("main_model", Raw::Str("gpt-4o")),
        ("total_cost", Raw::Float(1.5)),
    ];
    assert_eq!(
        admit("message_send", &properties),
        "message_send main_model=\"gpt-4o\"\nunknown_property: 1"
    );
}
