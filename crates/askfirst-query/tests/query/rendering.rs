//! One answer in every form it is printed in.
use askfirst_query::answer::{
    Answer, Column, Hint, NotCompared, Role, Sentence, Shown, Table, Unit, Value,
};
use askfirst_query::calendar::{Day, Period};
use askfirst_query::filters::Top;
use askfirst_query::render::{Style, caveats, csv, json, plain, terminal};

fn column(key: &'static str, head: &str, unit: Unit, role: Role, shown: Shown) -> Column {
    Column {
        key: key.into(),
        head: head.into(),
        unit,
        role,
        shown,
    }
}

fn row(
    model: Value,
    messages: i128,
    tokens: i128,
    cost: Option<i128>,
    weeks: [i128; 4],
) -> Vec<Value> {
    let share = cost.map_or(Value::None, |cost| Value::Share {
        part: cost,
        whole: 56_252_000_000,
    });
    let cost = cost.map_or(Value::None, Value::Nanos);
    let weeks = Value::Series(weeks.to_vec());
    vec![
        model,
        Value::Count(messages),
        Value::Count(tokens),
        cost,
        share,
        weeks,
    ]
}

fn answer() -> Answer {
    let columns = vec![
        column(
            "main_model",
            "main model",
            Unit::Text,
            Role::Main,
            Shown::Always,
        ),
        column(
            "messages",
            "messages",
            Unit::Count,
            Role::Main,
            Shown::Always,
        ),
        column("tokens", "tokens", Unit::Large, Role::Tokens, Shown::Always),
        column("cost_usd", "cost", Unit::Usd, Role::Main, Shown::Always),
        column(
            "share_of_cost",
            "share of cost",
            Unit::Share,
            Role::Share,
            Shown::People,
        ),
        column(
            "per_slice",
            "per week",
            Unit::Series,
            Role::Spark,
            Shown::People,
        ),
    ];
    let rows = vec![
        row(
            Value::text("claude-3-5-sonnet-20241022"),
            1_327,
            15_649_110,
            Some(52_610_000_000),
            [9, 40, 70, 1],
        ),
        row(
            Value::text("o1-preview"),
            19,
            182_863,
            Some(3_340_000_000),
            [0, 0, 3, 4],
        ),
        row(
            Value::text("openrouter/anthropic/claude-3.5-sonnet"),
            9,
            31_300,
            Some(301_136_000),
            [1, 2, 0, 3],
        ),
        row(
            Value::text("ollama/REDACTED"),
            39,
            210_218,
            None,
            [0, 9, 0, 0],
        ),
        row(Value::NotRecorded, 2, 638, Some(864_000), [0, 0, 0, 1]),
    ];
    let mut total = row(Value::None, 1_396, 16_074_129, Some(56_252_000_000), [0; 4]);
    (total[4], total[5]) = (Value::None, Value::None);
    let table = Table {
        name: "models",
        title: String::new(),
        noun: ("model", "models"),
        columns,
        rows,
        total: Some(total),
        whole: false,
        shown: Shown::Always,
        few: None,
    };
    let names = Table {
        name: "never_used",
        title: "Never used in this period".into(),
        noun: ("command", "commands"),
        columns: vec![column(
            "command",
            "command",
            Unit::Command,
            Role::Main,
            Shown::Always,
        )],
        rows: vec![vec![Value::text("lint")], vec![Value::text("voice")]],
        total: None,
        whole: true,
        shown: Shown::Always,
        few: None,
    };
    Answer {
        report: "models",
        title: "Models, tokens and cost",
        host: "aider".into(),
        period: Period {
            from: Day::parse("2024-12-04").unwrap(),
            to: Day::parse("2024-12-31").unwrap(),
        },
        simulated: None,
        compared: None,
        so_far: false,
        filters: vec![
            ("from", vec!["2024-12-04".into()]),
            ("model", vec!["o1".into()]),
        ],
        top: None,
        empty: None,
        tables: vec![table, names],
        caveats: vec![
            "Each message counts once.".into(),
            "One install sent 99.9\u{202f}% – of the events.".into(),
        ],
        not_compared: vec![NotCompared {
            what: "exit".into(),
            because: "recorded since 29 Nov 2024".into(),
        }],
    }
}

fn at(width: usize) -> String {
    terminal(&answer(), &Style::new(width, false, true))
}

#[test]
fn at_120_columns_everything_is_shown() {
    insta::assert_snapshot!(at(120), @r#"
    Models, tokens and cost   4 – 31 Dec 2024, aider
    Each message counts once. One install sent 99.9 % – of the events.

    MAIN MODEL                              MESSAGES  TOKENS      COST  SHARE OF COST    PER WEEK
    claude-3-5-sonnet-20241022                 1,327  15.6 M    $52.61  ███████████  94%     ▂▅█▁
    o1-preview                                    19   183 k     $3.34  ▊           5.9%       ▆█
    openrouter/anthropic/claude-3.5-sonnet         9  31.3 k     $0.30  ▏           0.5%     ▃▆ █
    ollama/REDACTED                               39   210 k         –                        █
    not recorded                                   2     638  $0.00086  ▏          <0.1%        █
    5 models                                   1,396  16.1 M    $56.25

    Never used in this period: /lint, /voice
    "#);
}

#[test]
fn at_80_columns_the_spark_has_left_and_a_long_name_lost_its_middle() {
    insta::assert_snapshot!(at(80), @r#"
    Models, tokens and cost   4 – 31 Dec 2024, aider
    Each message counts once. One install sent 99.9 % – of the events.

    MAIN MODEL                          MESSAGES  TOKENS      COST  SHARE OF COST
    claude-3-5-sonnet-20241022             1,327  15.6 M    $52.61  ███████████  94%
    o1-preview                                19   183 k     $3.34  ▊           5.9%
    openrouter/…/claude-3.5-sonnet             9  31.3 k     $0.30  ▏           0.5%
    ollama/REDACTED                           39   210 k         –
    not recorded                               2     638  $0.00086  ▏          <0.1%
    5 models                               1,396  16.1 M    $56.25

    Never used in this period: /lint, /voice
    "#);
}

#[test]
fn at_70_columns_the_bar_has_left_and_at_60_the_share() {
    insta::assert_snapshot!(at(70), @r#"
    Models, tokens and cost   4 – 31 Dec 2024, aider
    Each message counts once. One install sent 99.9 % – of the events.

    MAIN MODEL                   MESSAGES  TOKENS      COST  SHARE OF COST
    claude-3-5-sonnet-20241022      1,327  15.6 M    $52.61            94%
    o1-preview                         19   183 k     $3.34           5.9%
    openrouter/an…de-3.5-sonnet         9  31.3 k     $0.30           0.5%
    ollama/REDACTED                    39   210 k         –
    not recorded                        2     638  $0.00086          <0.1%
    5 models                        1,396  16.1 M    $56.25

    Never used in this period: /lint, /voice
    "#);
    insta::assert_snapshot!(at(60), @r#"
    Models, tokens and cost   4 – 31 Dec 2024, aider
    Each message counts once. One install sent 99.9 % – of the
    events.

    MAIN MODEL                        MESSAGES  TOKENS      COST
    claude-3-5-sonnet-20241022           1,327  15.6 M    $52.61
    o1-preview                              19   183 k     $3.34
    openrouter/…/claude-3.5-sonnet           9  31.3 k     $0.30
    ollama/REDACTED                         39   210 k         –
    not recorded                             2     638  $0.00086
    5 models                             1,396  16.1 M    $56.25

    Never used in this period: /lint, /voice
    "#);
}

#[test]
fn at_48_columns_name_and_main_numbers_are_left() {
    insta::assert_snapshot!(at(48), @r#"
    Models, tokens and cost   4 – 31 Dec 2024, aider
    Each message counts once. One install sent
    99.9 % – of the events.

    MAIN MODEL                    MESSAGES      COST
    claude-3-5-sonnet-20241022       1,327    $52.61
    o1-preview                          19     $3.34
    openrouter/an…ude-3.5-sonnet         9     $0.30
    ollama/REDACTED                     39         –
    not recorded                         2  $0.00086
    5 models                         1,396    $56.25

    Never used in this period: /lint, /voice
    "#);
}

#[test]
fn at_38_columns_every_value_has_its_line() {
    insta::assert_snapshot!(at(38), @r#"
    Models, tokens and cost
    4 – 31 Dec 2024, aider
    Each message counts once. One install
    sent 99.9 % – of the events.

    main model: claude-3-5-sonnet-20241022
    messages: 1,327
    tokens: 15.6 M
    cost: $52.61
    share of cost: 94%

    main model: o1-preview
    messages: 19
    tokens: 183 k
    cost: $3.34
    share of cost: 5.9%

    main model: openrouter/anthropic/claude-3.5-sonnet
    messages: 9
    tokens: 31.3 k
    cost: $0.30
    share of cost: 0.5%

    main model: ollama/REDACTED
    messages: 39
    tokens: 210 k
    cost: –

    main model: not recorded
    messages: 2
    tokens: 638
    cost: $0.00086
    share of cost: <0.1%

    main model: 5 models
    messages: 1,396
    tokens: 16.1 M
    cost: $56.25

    Never used in this period: /lint,
    /voice
    "#);
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for width in 40..=130 {
        for line in at(width).lines() {
            let cells = unicode_width::UnicodeWidthStr::width(line);
            assert!(cells <= width.min(120), "{width}: {line}");
        }
    }
}

#[test]
fn without_utf_8_bars_are_ascii_and_sparks_are_gone() {
    let text = terminal(&answer(), &Style::new(80, false, false));
    assert!(text.is_ascii());
    insta::assert_snapshot!(text, @r#"
    Models, tokens and cost   4 - 31 Dec 2024, aider
    Each message counts once. One install sent 99.9 % - of the events.

    MAIN MODEL                          MESSAGES  TOKENS      COST  SHARE OF COST
    claude-3-5-sonnet-20241022             1,327  15.6 M    $52.61  ###########  94%
    o1-preview                                19   183 k     $3.34  #           5.9%
    openrouter/../claude-3.5-sonnet            9  31.3 k     $0.30  #           0.5%
    ollama/REDACTED                           39   210 k         -
    not recorded                               2     638  $0.00086  #          <0.1%
    5 models                               1,396  16.1 M    $56.25

    Never used in this period: /lint, /voice
    "#);
}

#[test]
fn colour_changes_no_character_and_no_color_has_none() {
    let painted = terminal(&answer(), &Style::new(80, true, true));
    insta::assert_snapshot!(painted.lines().nth(3).unwrap().replace('\x1b', "ESC"), @"ESC[1mMAIN MODEL                        ESC[0m  ESC[1mMESSAGESESC[0m  ESC[1mTOKENSESC[0m  ESC[1m    COSTESC[0m  ESC[1mSHARE OF COSTESC[0m");
    insta::assert_snapshot!(painted.lines().nth(4).unwrap().replace('\x1b', "ESC"), @"claude-3-5-sonnet-20241022             1,327  15.6 M    $52.61  ESC[36m███████████ESC[0m  94%");
    let mut bare = painted;
    for code in ["\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[36m"] {
        bare = bare.replace(code, "");
    }
    assert_eq!(bare, at(80));
    assert!(!at(80).contains('\x1b'));
}

#[test]
fn piped_rows_are_whole_and_plain_and_the_caveat_is_apart() {
    insta::assert_snapshot!(plain(&answer()), @r#"
    main_model                              messages    tokens   cost_usd
    claude-3-5-sonnet-20241022                  1327  15649110    52.6100
    o1-preview                                    19    182863     3.3400
    openrouter/anthropic/claude-3.5-sonnet         9     31300     0.3011
    ollama/REDACTED                               39    210218          -
    not recorded                                   2       638  0.0008640
    "#);
    insta::assert_snapshot!(caveats(&answer(), &Style::new(80, false, true)), @"Each message counts once. One install sent 99.9 % – of the events.");
}

#[test]
fn csv_is_exact() {
    insta::assert_snapshot!(csv(&answer()), @r#"
    main_model,messages,tokens,cost_usd,share_of_cost
    claude-3-5-sonnet-20241022,1327,15649110,52.61,0.9353
    o1-preview,19,182863,3.34,0.0594
    openrouter/anthropic/claude-3.5-sonnet,9,31300,0.301136,0.0054
    ollama/REDACTED,39,210218,,
    not recorded,2,638,0.000864,0.0000
    "#);
    let mut odd = answer();
    odd.tables[0].rows[0][0] = Value::text("a,\"b\"");
    assert!(csv(&odd).contains("\"a,\"\"b\"\"\",1327"));
}

#[test]
fn json_is_one_object_with_every_digit() {
    let mut answer = answer();
    answer.top = Some(Top::Rows(1));
    insta::assert_snapshot!(json(&answer), @r#"
    {
      "report": "models",
      "title": "Models, tokens and cost",
      "simulated": null,
      "filters": {
        "from": "2024-12-04",
        "model": [
          "o1"
        ]
      },
      "compared": null,
      "columns": [
        {
          "name": "main_model",
          "title": "main model",
          "unit": "name"
        },
        {
          "name": "messages",
          "title": "messages",
          "unit": "count"
        },
        {
          "name": "tokens",
          "title": "tokens",
          "unit": "count"
        },
        {
          "name": "cost_usd",
          "title": "cost",
          "unit": "usd"
        },
        {
          "name": "share_of_cost",
          "title": "share of cost",
          "unit": "share"
        },
        {
          "name": "per_slice",
          "title": "per week",
          "unit": "series"
        }
      ],
      "rows": [
        {
          "main_model": "claude-3-5-sonnet-20241022",
          "messages": 1327,
          "tokens": 15649110,
          "cost_usd": 52.61,
          "share_of_cost": 0.9353,
          "per_slice": [9, 40, 70, 1]
        }
      ],
      "rows_left_out": 4,
      "rest": {
        "messages": 69,
        "tokens": 425019,
        "cost_usd": 3.642,
        "share_of_cost": 0.0647,
        "per_slice": [1, 11, 3, 8]
      },
      "total": {
        "messages": 1396,
        "tokens": 16074129,
        "cost_usd": 56.252,
        "share_of_cost": null,
        "per_slice": null
      },
      "tables": {
        "never_used": {
          "title": "Never used in this period",
          "columns": [
            {
              "name": "command",
              "title": "command",
              "unit": "name"
            }
          ],
          "rows": [
            {
              "command": "lint"
            },
            {
              "command": "voice"
            }
          ]
        }
      },
      "caveats": [
        "Each message counts once.",
        "One install sent 99.9 % – of the events."
      ],
      "not_compared": [
        {
          "what": "exit",
          "because": "recorded since 29 Nov 2024"
        }
      ]
    }
    "#);
}

#[test]
fn rows_past_top_are_one_row_with_their_sum() {
    let mut answer = answer();
    answer.top = Some(Top::Rows(2));
    insta::assert_snapshot!(terminal(&answer, &Style::new(80, false, true)), @r#"
    Models, tokens and cost   4 – 31 Dec 2024, aider
    Each message counts once. One install sent 99.9 % – of the events.

    MAIN MODEL                  MESSAGES  TOKENS    COST  SHARE OF COST    PER WEEK
    claude-3-5-sonnet-20241022     1,327  15.6 M  $52.61  ███████████  94%     ▂▅█▁
    o1-preview                        19   183 k   $3.34  ▊           5.9%       ▆█
    3 more (--top all)                50   242 k   $0.30  ▏           0.5%     ▁█ ▃
    5 models                       1,396  16.1 M  $56.25

    Never used in this period: /lint, /voice
    "#);
    // one row more than asked for is shown itself rather than as "1 more"
    answer.top = Some(Top::Rows(4));
    assert!(!terminal(&answer, &Style::new(80, false, true)).contains("more"));
}

#[test]
fn an_empty_answer_says_why_in_every_form() {
    let mut answer = answer();
    answer.tables[0].rows.clear();
    answer.tables[0].total = None;
    answer.tables.truncate(1);
    answer.caveats.clear();
    let last = Day::parse("2024-08-16").unwrap();
    let sentence = "No events 17 Aug – 29 Oct 2024. Last event 16 Aug 2024.";
    answer.empty = Some(Sentence::hinted(sentence, Hint::To(last)));
    insta::assert_snapshot!(terminal(&answer, &Style::new(80, false, true)), @r#"
    Models, tokens and cost   4 – 31 Dec 2024, aider

    No events 17 Aug – 29 Oct 2024. Last event 16 Aug 2024 (--to 2024-08-16).
    "#);
    assert_eq!(plain(&answer), "");
    assert!(caveats(&answer, &Style::new(80, false, true)).starts_with("No events"));
    assert!(json(&answer).contains("\"rows\": []"));
}

#[test]
fn a_simulated_population_says_so_in_every_form() {
    const WORDS: &str = "Simulated population. seed 7.";
    let mut answer = answer();
    answer.simulated = Some(7);
    let style = Style::new(80, false, true);
    assert_eq!(terminal(&answer, &style).lines().next(), Some(WORDS));
    assert_eq!(caveats(&answer, &style).lines().next(), Some(WORDS));
    let csv = csv(&answer);
    let mut lines = csv.lines();
    assert!(lines.next().unwrap().ends_with(",simulated"));
    assert!(
        lines.all(|line| line.ends_with(&format!(",{WORDS}"))),
        "{csv}"
    );
    let json: serde_json::Value = serde_json::from_str(&json(&answer)).unwrap();
    assert_eq!(
        (&json["simulated"], &json["caveats"][0]),
        (&7.into(), &WORDS.into())
    );
}
