//! Figures of a real tool's published log, found once in Python from the raw lines, and what the
//! reports make of them.

use crate::support::{log, stored::Stored};
use askfirst_catalog::Catalog;
use askfirst_query::answer::{Answer, Value};
use askfirst_query::calendar::Day;
use askfirst_query::render::{Style, plain, terminal};
use askfirst_query::{Filters, run};
use unicode_width::UnicodeWidthStr;

const ALL: &[(&str, &str)] = &[("period", "all")];
const MOCK: &[(&str, &str)] = &[("from", "2024-10-30"), ("to", "2024-12-31")];
const DECEMBER: &[(&str, &str)] = &[("period", "28d"), ("to", "2024-12-31")];

fn answer(stored: &Stored, report: &str, filters: &[(&str, &str)]) -> Answer {
    let today = Day::parse("2025-01-15").unwrap();
    let filters = Filters::parse(filters.iter().copied(), today).unwrap();
    run(&stored.view(), &Catalog::builtin(), report, &filters).unwrap()
}

/// The number in a named column of a named row; `total` stands for the total row.
fn number(answer: &Answer, row: &str, column: &str) -> i128 {
    let table = &answer.tables[0];
    let at = table.column(column).unwrap();
    let named = |cells: &&Vec<Value>| matches!(&cells[0], Value::Text(name) if &**name == row);
    let row = if row == "total" {
        table.total.as_ref()
    } else {
        table.rows.iter().find(named)
    };
    row.unwrap()[at].number().unwrap()
}

fn said(answer: &Answer) -> String {
    let said: Vec<&str> = answer
        .caveats
        .iter()
        .map(|said| said.text.as_str())
        .collect();
    said.join(" ")
}

/// Nano-dollars as the design quotes sums: to four decimals.
fn ten_thousandths(nanos: i128) -> i128 {
    (nanos + 50_000) / 100_000
}

#[test]
fn the_whole_log_has_the_models_tokens_and_dollars_python_finds() {
    let Some(stored) = log::imported() else {
        return;
    };
    let models = answer(&stored, "models", ALL);
    assert_eq!(number(&models, "total", "messages"), 1_833);
    assert_eq!(number(&models, "total", "tokens"), 18_239_314);
    let sonnet = |column| number(&models, "claude-3-5-sonnet-20241022", column);
    assert_eq!(
        (sonnet("messages"), sonnet("tokens"), sonnet("cost")),
        (1_327, 15_649_110, 52_608_092_700)
    );
    let deepseek = |column| number(&models, "deepseek/deepseek-chat", column);
    assert_eq!(
        (deepseek("messages"), deepseek("tokens"), deepseek("cost")),
        (168, 1_422_360, 210_124_460)
    );
}

#[test]
fn nine_weeks_have_the_sums_of_the_design() {
    let Some(stored) = log::imported() else {
        return;
    };
    let models = answer(&stored, "models", MOCK);
    let total = |column| number(&models, "total", column);
    assert_eq!(
        (total("messages"), total("tokens_in"), total("tokens_out")),
        (1_819, 17_564_459, 595_668)
    );
    assert_eq!(ten_thousandths(total("cost")), 578_349, "57.8349 dollars");
    assert_eq!(total("unpriced"), 123);
    assert_eq!(models.tables[0].rows.len(), 50);
}

#[test]
fn b19_a_redacted_model_has_no_cost() {
    let Some(stored) = log::imported() else {
        return;
    };
    let models = answer(&stored, "models", ALL);
    let table = &models.tables[0];
    let cost = table.column("cost").unwrap();
    let redacted =
        |row: &&Vec<Value>| matches!(&row[0], Value::Text(name) if name.ends_with("REDACTED"));
    let rows: Vec<_> = table.rows.iter().filter(redacted).collect();
    assert!(rows.len() > 5);
    assert!(rows.iter().all(|row| row[cost] == Value::None));
}

#[test]
fn december_has_443_sessions_681_runs_and_847_messages() {
    let Some(stored) = log::imported() else {
        return;
    };
    let activity = answer(&stored, "activity", DECEMBER);
    let total = |column| number(&activity, "total", column);
    // 5,110 lines, of which `file_added` is in no catalog
    assert_eq!(
        (total("sessions"), total("runs"), total("events")),
        (443, 681, 5_109)
    );
    assert_eq!(total("active_installs"), 1);
    let models = answer(&stored, "models", DECEMBER);
    assert_eq!(number(&models, "total", "messages"), 847);
    assert_eq!(number(&models, "total", "tokens"), 9_156_741);
    assert_eq!(
        ten_thousandths(number(&models, "total", "cost")),
        287_292,
        "28.7292 dollars"
    );
    assert_eq!(number(&models, "deepseek/deepseek-chat", "messages"), 168);
}

#[test]
fn installs_are_14_and_27_events_have_none() {
    let Some(stored) = log::imported() else {
        return;
    };
    let activity = answer(&stored, "activity", ALL);
    assert_eq!(number(&activity, "total", "events"), 9_659);
    assert_eq!(number(&activity, "total", "active_installs"), 14);
    assert_eq!(number(&activity, "total", "new_installs"), 14);
    let said = said(&activity);
    assert!(said.contains("27 events carry no install id"), "{said}");
    assert!(!said.contains("opted in"), "{said}");
}

#[test]
fn edit_formats_and_exits_are_those_of_the_log() {
    let Some(stored) = log::imported() else {
        return;
    };
    let edits = answer(&stored, "edits", ALL);
    let messages = ["diff", "ask", "whole"].map(|format| number(&edits, format, "messages"));
    assert_eq!(messages, [1_196, 435, 122]);
    let exits = answer(&stored, "exits", ALL);
    assert_eq!(number(&exits, "Control-C", "exits"), 339);
    assert_eq!(
        (
            number(&exits, "total", "exits"),
            number(&exits, "total", "runs")
        ),
        (842, 1_913)
    );
    // as Python pairs them, in file order, by user id: 1,130 of which 11 have no user id
    assert_eq!(
        (
            number(&exits, "Control-C", "runs"),
            number(&exits, "no exit recorded", "runs")
        ),
        (321, 1_130)
    );
}

#[test]
fn models_at_80_columns() {
    let Some(stored) = log::imported() else {
        return;
    };
    let models = answer(&stored, "models", &[MOCK, &[("top", "7")]].concat());
    insta::assert_snapshot!(terminal(&models, &Style::new(80, false, true)), @r#"
    Models, tokens and cost   30 Oct – 31 Dec 2024, aider
    Each answered message counts once, for its main model, with the tokens and cost
    the tool reported. 123 messages (6.8 %) have no usable cost and count as $0. 108
    messages use a model that is not on the public list; no money is kept for such a
    model. No data in the 9 weeks before, so nothing is compared. Counts 1,819
    events from 2 installs in imported logs, which do not say who agreed. One
    install sent 99.9 % of the events. Installs are not people, and those that send
    are not a fair sample.

    MAIN MODEL                  MESSAGES  TOKENS    COST  SHARE OF COST     PER WEEK
    claude-3-5-sonnet-20241022     1,327  15.6 M  $52.61  ███████████  91% ▂▂▃▆█▆▄▅▂
    o1-preview                        19   183 k   $3.34  ▊           5.8%      ██
    o1                                 6  37.3 k   $0.87  ▏           1.5%         █
    gpt-4o                             8   106 k   $0.29  ▏           0.5%      █▂▂▂
    deepseek/deepseek-chat           168  1.42 M   $0.21  ▏           0.4%         █
    gpt-4-0613                         2  4.43 k   $0.13  ▏           0.2%    █
    claude-3-5-haiku-20241022         35  94.5 k   $0.10  ▏           0.2%  ▂ ▁█▅  ▂
    43 more (--top all)              254   664 k   $0.28  ▏           0.5% ▃▁▄█▇▅▃▁▁
    50 models                      1,819  18.2 M  $57.83
    "#);
    insta::assert_snapshot!(terminal(&models, &Style::new(48, false, true)), @r#"
    Models, tokens and cost
    30 Oct – 31 Dec 2024, aider
    Each answered message counts once, for its main
    model, with the tokens and cost the tool
    reported. 123 messages (6.8 %) have no usable
    cost and count as $0. 108 messages use a model
    that is not on the public list; no money is kept
    for such a model. No data in the 9 weeks before,
    so nothing is compared. Counts 1,819 events from
    2 installs in imported logs, which do not say
    who agreed. One install sent 99.9 % of the
    events. Installs are not people, and those that
    send are not a fair sample.

    MAIN MODEL                  MESSAGES    COST
    claude-3-5-sonnet-20241022     1,327  $52.61
    o1-preview                        19   $3.34
    o1                                 6   $0.87
    gpt-4o                             8   $0.29
    deepseek/deepseek-chat           168   $0.21
    gpt-4-0613                         2   $0.13
    claude-3-5-haiku-20241022         35   $0.10
    43 more (--top all)              254   $0.28
    50 models                      1,819  $57.83
    "#);
    let all = answer(&stored, "models", MOCK);
    let first: Vec<String> = plain(&all).lines().take(4).map(str::to_owned).collect();
    insta::assert_snapshot!(first.join("\n"), @r#"
    main_model                                                         messages  change  tokens_in  tokens_out    cost_usd
    claude-3-5-sonnet-20241022                                             1327       -   15175953      473157     52.6081
    o1-preview                                                               19       -     169658       13205      3.3372
    o1                                                                        6       -      30364        6926      0.8710
    "#);
}

#[test]
fn edits_at_80_columns() {
    let Some(stored) = log::imported() else {
        return;
    };
    let edits = answer(&stored, "edits", &[MOCK, &[("top", "5")]].concat());
    insta::assert_snapshot!(terminal(&edits, &Style::new(80, false, true)), @r#"
    Edit formats   30 Oct – 31 Dec 2024, aider
    A message counts once, by the format the tool asked for. Applied and failed
    edits and retries are not recorded by any version in this period. No data in the
    9 weeks before, so nothing is compared. Counts 1,819 events from 2 installs in
    imported logs, which do not say who agreed. One install sent 99.9 % of the
    events. Installs are not people, and those that send are not a fair sample.

    EDIT FORMAT         MESSAGES  SHARE             PER WEEK
    diff                   1,195  ███████████  66% ▂▂▃▇█▅▃▃▇
    ask                      433  ████         24% ▁▁▂▆██▅▆▆
    whole                    120  █▏          6.6% ▃▁▅▃█▄▁▁
    str-replace               29  ▎           1.6%  █▄
    architect                 12  ▏           0.7%   █  ▂█▆
    4 more (--top all)        30  ▎           1.6% ▃ ▃ █▆▃
    9 formats              1,819

    By model
    MAIN MODEL                  EDIT FORMAT  MESSAGES
    claude-3-5-sonnet-20241022  diff              937
    claude-3-5-sonnet-20241022  ask               343
    deepseek/deepseek-chat      diff              127
    deepseek/deepseek-chat      ask                41
    gpt-4o-mini                 whole              34
    70 more (--top all)                           337
    "#);
}

#[test]
fn commands_at_80_columns() {
    let Some(stored) = log::imported() else {
        return;
    };
    let commands = answer(&stored, "commands", &[MOCK, &[("top", "5")]].concat());
    insta::assert_snapshot!(terminal(&commands, &Style::new(80, false, true)), @r#"
    Commands and features   30 Oct – 31 Dec 2024, aider
    Reach is the share of active installs that used it at least once. A command used
    by an old version only still counts. The list of those never used holds the
    commands of every tool that shares this catalog. No data in the 9 weeks before,
    so nothing is compared. Counts 1,628 events from 6 installs in imported logs,
    which do not say who agreed. One install sent 99 % of the events. Installs are
    not people, and those that send are not a fair sample. Fewer than 10 installs:
    they are counted, shares of them would be noise.

    COMMAND               USES  INSTALLS   LAST USED   PER WEEK
    /ask                   347         1  Tue 31 Dec   ▁▂▄▇█▅▇▇
    /add                   322         1  Tue 31 Dec  ▄▄▃██▇▂▃▂
    /exit                  214         6  Tue 31 Dec  ▄▁▃▆█▄▄▃▃
    /clear                 137         1  Mon 30 Dec  ▁ ▄██▄▃▆█
    /undo                  106         1  Mon 30 Dec  ▁▁▂█▇▆▂▆█
    25 more (--top all)    502         –              ▃▂▃▆▅█▄▃▃
    30 commands          1,628         6

    Features and modes
    FEATURE                USES  INSTALLS   LAST USED   PER WEEK
    repo                    753         1  Tue 31 Dec      ██▄▂▂
    gui session             251         4  Mon 30 Dec  ▆▃▆█▇█▅▁▂
    no-repo                 101         1  Thu 26 Dec      ▆█▅▆▁
    ai-comments execute      96         1  Mon 30 Dec       ▁▄▂█
    ai-comments file-add     67         1  Mon 30 Dec       ▂█▃▇
    2 more (--top all)       17         –              ▂ ▂ ▁█▃
    7 features            1,285         4

    Never used in this period: /agent, /agent-model, /agent-tree, /architect,
    /auto-memory, /command-prefix, /compact, /context, /context-blocks,
    /context-management, /creator, /edit, /editor-model, /exclude-skill, /hashline,
    /history-search, /hooks, /hot-reload, /import-skill, /include-skill,
    /insert-queue, /list-mcp, /list-queue, /list-sessions, /list-skills, /load,
    /load-hook, /load-mcp, /load-session, /load-skill, /merge, /models, /queue,
    /quit, /read-only-stub, /reap-agent, /reasoning-effort, /remove-hook,
    /remove-mcp, /remove-memory, /remove-queue, /remove-skill, /report, /rules,
    /run-queue, /save, /save-session, /search-memory, /spawn-agent, /switch-agent,
    /terminal-setup, /think-tokens, /weak-model, /workflows, /workspace
    "#);
}

#[test]
fn exits_at_80_columns() {
    let Some(stored) = log::imported() else {
        return;
    };
    let exits = answer(&stored, "exits", MOCK);
    insta::assert_snapshot!(terminal(&exits, &Style::new(80, false, true)), @r#"
    How runs end   30 Oct – 31 Dec 2024, aider
    A run lasts from one start to the next of the same install. A run without an
    exit event (killed, crashed, or its report not arrived) is shown as “no exit
    recorded”. EXITS counts exit events, RUNS counts each run by its last one. Exits
    are recorded since 29 Nov 2024; 934 runs began before and can have none. No data
    in the 9 weeks before, so nothing is compared. Counts 2,730 events from 8
    installs in imported logs, which do not say who agreed. One install sent 98 % of
    the events. Installs are not people, and those that send are not a fair sample.

    REASON                                  EXITS   RUNS  SHARE OF EXITS    PER WEEK
    no exit recorded                            –  1,105
    Control-C                                 339    321  ███████████  40%     ▅█▅▂▂
    /exit                                     110    104  ███▋         13%     ██▆▅▆
    Completed --message                       112    104  ███▋         13%     █▇▃▅▂
    GUI session ended                         102     87  ███▎         12%     ▄█▅▁▃
    Completed lint/test/commit                 93     83  ███          11%     ▅█▅▂▂
    Exit flag set                              44     44  █▍          5.2%      █  ▂
    Keyboard interrupt…ring model warnings     15     15  ▌           1.8%     ▃█▇▂▂
    Completed main CLI coder.run               12     12  ▍           1.4%     █▃▃ ▂
    Listed models                               5      5  ▏           0.6%      █▂
    Showed prompts                              5      4  ▏           0.6%     █
    Recursing with correct repo                 2      2  ▏           0.2%        █
    2 more (--top all)                          3      2  ▏           0.4%     █ ▄
    all                                       842  1,888
    "#);
}

#[test]
fn activity_at_80_columns_by_week() {
    let Some(stored) = log::imported() else {
        return;
    };
    let activity = answer(&stored, "activity", &[MOCK, &[("by", "week")]].concat());
    insta::assert_snapshot!(terminal(&activity, &Style::new(80, false, true)), @r#"
    Activity   30 Oct – 31 Dec 2024, aider
    An install is active on a day if it sent any event that day. New: its first
    event ever lies there; returning: it was seen before. A session is the sender's
    own session number, else a session event; a run begins with each start. No data
    in the 9 weeks before, so nothing is compared. Counts 9,586 events from 8
    installs in imported logs, which do not say who agreed. One install sent 99 % of
    the events. Installs are not people, and those that send are not a fair sample.

    WEEK FROM   ACTIVE  NEW  RETURNING  SESSIONS   RUNS  EVENTS
    Mon 28 Oct       8    8          0        92    113     301
    Mon 4 Nov        1    0          1        57    132     375
    Mon 11 Nov       1    0          1        87    188     437
    Mon 18 Nov       1    0          1       153    255     934
    Mon 25 Nov       1    0          1       261    458   2,064
    Mon 2 Dec        1    0          1       210    343   2,018
    Mon 9 Dec        1    0          1       143    186   1,197
    Mon 16 Dec       1    0          1        71    121   1,133
    Mon 23 Dec       1    0          1        51     76     844
    Mon 30 Dec       1    0          1        14     16     283
    10 weeks         8    8          0     1,139  1,888   9,586

    Active installs
    AT THE END    ACTIVE  NEW  RETURNING
    last day           1    0          1
    last 7 days        1    0          1
    last 28 days       1    0          1
    "#);
}

#[test]
fn the_overview_at_80_columns() {
    let Some(stored) = log::imported() else {
        return;
    };
    let overview = answer(&stored, "overview", DECEMBER);
    insta::assert_snapshot!(terminal(&overview, &Style::new(80, false, true)), @r#"
    Overview   4 – 31 Dec 2024, compared with 6 Nov – 3 Dec, aider
    Messages are those a model answered; failed ones are those the tool reported an
    exception for. 25 messages have no usable cost and count as $0. Not compared:
    failed messages, recorded since 30 Nov 2024; exits, recorded since 29 Nov 2024;
    versions, recorded in 40 % of the events, 100 % before. Counts 5,109 events from
    1 install in imported logs, which do not say who agreed. One install sent every
    event, so every figure describes that install. Installs are not people, and
    those that send are not a fair sample.

    active installs         1  same   ████████████████████████████
    sessions              443  −23 %  ▅▆█▃▁▅▃▃▇▃▁▁▃▄▂▂▁▁▁▂▁ ▃▁▁▂▂▁
    messages              847  −5 %   ▅▄█▅▁▄▂▁▅▃▁ ▂▄█▄▁▂▂▁▁ ▆▂█▄▆▂
    tokens             9.16 M  +10 %  ▄▃█▄▁▂▁▁▄█▁ ▂▄▇▂▁▁▁▁▁ ▆▂▅▃▄▁
    cost               $28.73  +6 %   ▄▃█▅▁▂▁▁▆▇▁ ▂▅▆▂▁▁▁▁▁ ▅▂▁▁▁▂
    failed messages  2 of 925  not compared: recorded since 30 Nov

    Models
    MAIN MODEL                         MESSAGES  SHARE               CHANGE     COST
    claude-3-5-sonnet-20241022              570  ███████████  67%     −18 %   $23.91
    deepseek/deepseek-chat                  168  ███▎         20%       new    $0.21
    o1-preview                               19  ▍           2.2%       new    $3.34
    deepseek/deepseek-coder                  18  ▍           2.1%      back   $0.012
    claude-3-5-haiku-20241022                13  ▎           1.5%     −41 %   $0.054
    gpt-4o-mini                              10  ▎           1.2%     −55 %  $0.0013
    gemini/REDACTED                           9  ▏           1.1%     −57 %        –
    gpt-4o                                    8  ▏           0.9%       new    $0.29
    github/REDACTED                           6  ▏           0.7%       new        –
    o1                                        6  ▏           0.7%       new    $0.87
    bedrock/REDACTED                          5  ▏           0.6%       new        –
    openrouter/…/claude-3.5-sonnet            4  ▏           0.5%  4 from 3   $0.041
    7 more (--top all)                       11  ▎           1.3%            $0.0031
    19 models                               847                        −5 %   $28.73

    Edit formats
    NAME         COUNT  SHARE             BEFORE    CHANGE
    diff           534  ███████████  63%     601     −11 %
    ask            267  █████▌       32%     161     +66 %
    whole           26  ▌           3.1%      81     −68 %
    architect        8  ▏           0.9%       4  8 from 4
    editor-diff      6  ▏           0.7%       1  6 from 1
    help             3  ▏           0.4%       3      same
    udiff            3  ▏           0.4%       0       new

    Commands
    NAME                 COUNT  SHARE             BEFORE  CHANGE
    /ask                   237  ███████████  29%     110  +115 %
    /add                   104  ████▉        13%     187   −44 %
    /exit                   82  ███▊         10%     108   −24 %
    /clear                  68  ███▏        8.4%      67    +1 %
    /undo                   56  ██▋         6.9%      49   +14 %
    /editor                 47  ██▏         5.8%      36   +31 %
    23 more (--top all)    215  ██████████   27%     169

    How runs end
    NAME                        COUNT  SHARE
    Control-C                     258  ███████████  41%
    /exit                          82  ███▌         13%
    GUI session ended              81  ███▌         13%
    Completed --message            73  ███▏         11%
    Completed lint/test/commit     72  ███▏         11%
    Exit flag set                  44  █▉          6.9%
    5 more (--top all)             26  █▏          4.1%

    Versions
    NAME          COUNT  SHARE
    0.67            122  ███▍         18%
    0.66            157  ████▎        23%
    not recorded    402  ███████████  59%

    What changed most
    WHAT                        KIND         COUNTED   BEFORE  NOW  CHANGE
    deepseek/deepseek-chat      model        messages       0  168     new
    /ask                        command      uses         110  237  +115 %
    claude-3-5-sonnet-20241022  model        messages     694  570   −18 %
    ask                         edit format  messages     161  267   +66 %
    /add                        command      uses         187  104   −44 %
    whole                       edit format  messages      81   26   −68 %

    Data quality
    FACT                               VALUE  SHARE
    events stored                      5,109      –
    without an install id                  0     0%
    without version or platform        3,469    68%
    values refused and not kept, ever      0      –
    losses reported by clients             –      –

    First seen in this period
    VERSION  FIRST SEEN
    0.67      Fri 6 Dec
    "#);
}

#[test]
fn errors_at_80_columns() {
    let Some(stored) = log::imported() else {
        return;
    };
    let errors = answer(&stored, "errors", DECEMBER);
    insta::assert_snapshot!(terminal(&errors, &Style::new(80, false, true)), @r#"
    Errors   4 – 31 Dec 2024, compared with 6 Nov – 3 Dec, aider
    Groups by class and own frames. Messages, paths and source are never received.
    Two errors are one when class and modules agree; lines of a source move with
    every release. Not compared: failed messages, recorded since 30 Nov 2024. Counts
    2 events from 1 install in imported logs, which do not say who agreed. One
    install sent every event, so every figure describes that install. Installs are
    not people, and those that send are not a fair sample.

    STATE    ERROR  WHAT            INSTALLS  EVENTS  FIRST  LAST  PER WEEK
    ongoing  other  failed message         1       2  0.65   0.67      █
    1 error                                1       2

    In figures
    FIGURE             NOW   OF  BEFORE                 CHANGE
    failed messages      2  925      26  recorded since 30 Nov
    crashes              –    –       –
    installs affected    1    1       1  recorded since 30 Nov
    new errors           0    –       –
    gone errors          0    –       –

    Failed messages by version
    VERSION       STARTED  FAILED  RATE  95 % FROM    TO
    0.67              137       2  1.5%       0.4%  5.2%
    0.66              108       0    0%         0%  3.4%
    not recorded      680       0    0%         0%  0.6%
    "#);
}

#[test]
fn versions_at_80_columns() {
    let Some(stored) = log::imported() else {
        return;
    };
    let versions = answer(&stored, "versions", DECEMBER);
    insta::assert_snapshot!(terminal(&versions, &Style::new(80, false, true)), @r#"
    Versions and platforms   4 – 31 Dec 2024, aider
    By the version an install last reported in the period. 3,469 events carry no
    version. Not compared: versions, recorded in 40 % of the events, 100 % before.
    Counts 5,109 events from 1 install in imported logs, which do not say who
    agreed. One install sent every event, so every figure describes that install.
    Installs are not people, and those that send are not a fair sample. Fewer than
    10 installs: they are counted, shares of them would be noise.

    VERSION       FIRST SEEN  INSTALLS  LAUNCHES  FAILED OF MESSAGES
    0.67           Fri 6 Dec         1       122                1.5%
    0.66           Sun 1 Dec         0       157                  0%
    not recorded                     –       402                  0%
    3 versions                       1       681                   –

    Platforms
    PLATFORM      INSTALLS  EVENTS  SHARE OF EVENTS
    not recorded         1   3,469  ███████████  68%
    Darwin               1   1,640  █████▎       32%

    Python
    VERSION       INSTALLS  EVENTS  SHARE OF EVENTS
    not recorded         1   3,469  ███████████  68%
    3.12                 1   1,640  █████▎       32%
    "#);
}

#[test]
fn quality_at_80_columns() {
    let Some(stored) = log::imported() else {
        return;
    };
    let quality = answer(&stored, "quality", DECEMBER);
    insta::assert_snapshot!(terminal(&quality, &Style::new(80, false, true)), @r#"
    Data quality   4 – 31 Dec 2024, aider
    Losses are what clients counted and told us with a later batch; a client that
    never came back is not in it. Outcomes are counted by the day of arrival,
    everything else by the day it happened. Nothing arrived in this period itself,
    so outcomes are those of all days. Counts 5,109 events from 1 install in
    imported logs, which do not say who agreed. One install sent every event, so
    every figure describes that install. Installs are not people, and those that
    send are not a fair sample.

    REASON            OUTCOME   EVENTS  SHARE                   FIRST         LAST
    accepted          accepted   9,659  ███████████ 100%  15 Jan 2025  15 Jan 2025
    all that arrived             9,659

    Facts
    FACT                             VALUE  SHARE
    events of this period            5,109      –
    without an install id                0     0%
    lost, as clients told us             –      –
    users who are asked, in percent     10      –

    Properties recorded
    EVENT                   PROPERTY     EVENTS  RECORDED        SINCE
    ai-comments execute     version          96        0%
    ai-comments execute     os_platform      96        0%
    ai-comments file-add    version          67        0%
    ai-comments file-add    os_platform      67        0%
    copy-paste mode         version           9        0%
    copy-paste mode         os_platform       9        0%
    interactive help        version           3        0%   4 Nov 2024
    interactive help        os_platform       3        0%   4 Nov 2024
    message_send_exception  frames            2        0%
    message_send_starting   version         925       26%  30 Nov 2024
    message_send_starting   os_platform     925       26%  30 Nov 2024
    message_send            version         847       27%  13 Aug 2024
    38 more (--top all)                       –         –

    Catalogs of the senders (first 8 digits of SHA-256)
    CATALOG       EVENTS  FIRST SEEN   LAST SEEN
    not recorded   5,109   Wed 4 Dec  Tue 31 Dec
    "#);
}

#[test]
fn the_overview_fits_any_width_and_any_locale() {
    let Some(stored) = log::imported() else {
        return;
    };
    let overview = answer(&stored, "overview", DECEMBER);
    for width in [48, 80, 120] {
        let text = terminal(&overview, &Style::new(width, false, true));
        let long = text.lines().find(|line| line.width() > width);
        assert_eq!(long, None, "at {width} columns");
    }
    let at = |width, utf8, head: &str| {
        let text = terminal(&overview, &Style::new(width, false, utf8));
        let from = text.lines().skip_while(|line| !line.starts_with(head));
        from.take(8).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(at(120, true, "What changed most"), @r#"
    What changed most
    WHAT                        KIND         COUNTED   BEFORE  NOW  CHANGE  FIRST SEEN
    deepseek/deepseek-chat      model        messages       0  168     new  Thu 26 Dec
    /ask                        command      uses         110  237  +115 %
    claude-3-5-sonnet-20241022  model        messages     694  570   −18 %
    ask                         edit format  messages     161  267   +66 %
    /add                        command      uses         187  104   −44 %
    whole                       edit format  messages      81   26   −68 %
    "#);
    insta::assert_snapshot!(at(48, true, "What changed most"), @r#"
    What changed most
    WHAT                        BEFORE  NOW  CHANGE
    deepseek/deepseek-chat           0  168     new
    /ask                           110  237  +115 %
    claude-3-5-sonnet-20241022     694  570   −18 %
    ask                            161  267   +66 %
    /add                           187  104   −44 %
    whole                           81   26   −68 %
    "#);
    insta::assert_snapshot!(at(48, true, "active installs"), @r#"
    active installs         1  same
    sessions              443  −23 %
    messages              847  −5 %
    tokens             9.16 M  +10 %
    cost               $28.73  +6 %
    failed messages  2 of 925

    Models
    "#);
    insta::assert_snapshot!(at(38, true, "Models"), @r#"
    Models
    main model: claude-3-5-sonnet-20241022
    messages: 570
    share: 67%
    change: −18 %
    cost: $23.91

    main model: deepseek/deepseek-chat
    "#);
    insta::assert_snapshot!(at(80, false, "active installs"), @r#"
    active installs         1  same
    sessions              443  -23 %
    messages              847  -5 %
    tokens             9.16 M  +10 %
    cost               $28.73  +6 %
    failed messages  2 of 925  not compared: recorded since 30 Nov

    Models
    "#);
    insta::assert_snapshot!(at(80, false, "Models"), @r#"
    Models
    MAIN MODEL                         MESSAGES  SHARE               CHANGE     COST
    claude-3-5-sonnet-20241022              570  ###########  67%     -18 %   $23.91
    deepseek/deepseek-chat                  168  ###          20%       new    $0.21
    o1-preview                               19  #           2.2%       new    $3.34
    deepseek/deepseek-coder                  18  #           2.1%      back   $0.012
    claude-3-5-haiku-20241022                13  #           1.5%     -41 %   $0.054
    gpt-4o-mini                              10  #           1.2%     -55 %  $0.0013
    "#);
    let plain_locale = terminal(&overview, &Style::new(80, false, false));
    assert!(plain_locale.is_ascii(), "{plain_locale}");
    insta::assert_snapshot!(plain(&overview), @r#"
    figure               now   of   before   change
    active installs        1    -        1        0
    sessions             443    -      572  -0.2255
    messages             847    -      890  -0.0483
    tokens           9156741    -  8325581   0.0998
    cost             28.7292    -  27.0144   0.0635
    failed messages        2  925       26        -
    "#);
}

#[test]
fn activity_says_what_became_of_every_day() {
    let Some(stored) = log::imported() else {
        return;
    };
    let activity = answer(
        &stored,
        "activity",
        &[("period", "7d"), ("to", "2024-12-31")],
    );
    insta::assert_snapshot!(terminal(&activity, &Style::new(80, false, true)), @r#"
    Activity   25 – 31 Dec 2024, compared with 18 – 24 Dec, aider
    An install is active on a day if it sent any event that day. New: its first
    event ever lies there; returning: it was seen before. A session is the sender's
    own session number, else a session event; a run begins with each start. Counts
    1,054 events from 1 install in imported logs, which do not say who agreed. One
    install sent every event, so every figure describes that install. Installs are
    not people, and those that send are not a fair sample.

    DAY         ACTIVE  CHANGE  NEW  RETURNING  SESSIONS  RUNS  EVENTS
    Wed 25 Dec       1    same    0          1         0     1       5
    Thu 26 Dec       1    same    0          1        22    39     302
    Fri 27 Dec       1    same    0          1         4     9      90
    Sat 28 Dec       1    same    0          1         3     3     224
    Sun 29 Dec       1    same    0          1        10    11     150
    Mon 30 Dec       1    same    0          1        11    13     238
    Tue 31 Dec       1    same    0          1         3     3      45
    7 days           1    same    0          1        53    79   1,054

    Active installs
    AT THE END   ACTIVE  NEW  RETURNING
    last day          1    0          1
    last 7 days       1    0          1
    "#);
}
