//! What the decision is made from: plain values, so that every combination can be tried.

use askfirst_catalog::YesLasts;

/// Who said it, among those who may: strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The command line of this run.
    Typed,
    /// The environment as it was when the process started.
    Environment,
    /// A configuration file in the user's home, by fixed path.
    HomeConfig,
}

impl Source {
    /// Every source, strongest first.
    pub const ALL: [Source; 3] = [Source::Typed, Source::Environment, Source::HomeConfig];

    /// Where it was said, in words.
    pub fn words(self) -> &'static str {
        match self {
            Source::Typed => "typed",
            Source::Environment => "from the environment",
            Source::HomeConfig => "from the home configuration",
        }
    }
}

/// `--analytics`, `--no-analytics`, or neither, and who said it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// Nobody said anything.
    Unset,
    /// On for this session.
    On(Source),
    /// Off for this session. A setting that cannot be understood says this too.
    Off(Source),
}

impl Flag {
    /// Every flag.
    pub const ALL: [Flag; 7] = [
        Flag::Unset,
        Flag::On(Source::Typed),
        Flag::On(Source::Environment),
        Flag::On(Source::HomeConfig),
        Flag::Off(Source::Typed),
        Flag::Off(Source::Environment),
        Flag::Off(Source::HomeConfig),
    ];

    /// Whether it says on.
    pub fn is_on(self) -> bool {
        matches!(self, Flag::On(_))
    }

    /// Whether it says off.
    pub fn is_off(self) -> bool {
        matches!(self, Flag::Off(_))
    }
}

/// What is stored on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// No answer, ours or anybody's.
    NeverAsked,
    /// A yes of the tool before us. It may be an end of input, so it is no answer (B05).
    LegacyYes,
    /// A yes to our question, when the profile named another recipient (promise P16).
    YesToAnother,
    /// A yes to our question that does not cover every class the profile has today. It holds
    /// for those it covers (promise P16).
    YesToFewer,
    /// A yes to our question.
    Yes,
    /// A no, whoever stored it.
    Disabled,
    /// A no for every user of the machine.
    DisabledForMachine,
    /// Something is there that cannot be understood, or is not the user's own.
    Unreadable,
}

impl Choice {
    /// Every choice.
    pub const ALL: [Choice; 8] = [
        Choice::NeverAsked,
        Choice::LegacyYes,
        Choice::YesToAnother,
        Choice::YesToFewer,
        Choice::Yes,
        Choice::Disabled,
        Choice::DisabledForMachine,
        Choice::Unreadable,
    ];

    /// What is stored, in words.
    pub fn words(self) -> &'static str {
        match self {
            Choice::NeverAsked => "never asked",
            Choice::LegacyYes => "a legacy yes",
            Choice::YesToAnother => "a yes to another recipient",
            Choice::YesToFewer => "a yes to fewer classes",
            Choice::Yes => "a yes",
            Choice::Disabled => "disabled",
            Choice::DisabledForMachine => "disabled for the machine",
            Choice::Unreadable => "unreadable",
        }
    }

    /// A yes that holds.
    pub fn is_yes(self) -> bool {
        matches!(self, Choice::Yes | Choice::YesToFewer)
    }

    /// A yes that was given to somebody else: it is off until a person has answered our
    /// question, for today's recipient.
    pub fn is_yes_to_others(self) -> bool {
        matches!(self, Choice::LegacyYes | Choice::YesToAnother)
    }

    /// A no.
    pub fn is_no(self) -> bool {
        matches!(self, Choice::Disabled | Choice::DisabledForMachine)
    }
}

/// Whether the user is of the random subset that is asked without a flag (promise P08).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Draw {
    /// The host asks nobody without a flag.
    NoShare,
    /// Not in the share, or the draw cannot be stored: what cannot be stored is no draw.
    Outside,
    /// In the share.
    Inside,
}

impl Draw {
    /// Every draw.
    pub const ALL: [Draw; 3] = [Draw::NoShare, Draw::Outside, Draw::Inside];

    /// What was drawn, in words.
    pub fn words(self) -> &'static str {
        match self {
            Draw::NoShare => "nobody is asked without a flag",
            Draw::Outside => "not drawn",
            Draw::Inside => "drawn",
        }
    }
}

/// Everything the decision depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Input {
    /// `--analytics-disable`, from the user.
    pub disable: bool,
    /// The flag, from the user.
    pub flag: Flag,
    /// Something that lies in the project says off (it can say nothing else, B04), or a
    /// setting of the user cannot be understood.
    pub held_off: bool,
    /// What is stored.
    pub choice: Choice,
    /// A file can be made in the state directory.
    pub state_writable: bool,
    /// `DO_NOT_TRACK`.
    pub do_not_track: bool,
    /// A service that builds and tests runs this.
    pub ci: bool,
    /// There is a place to send to, the profile's or the user's.
    pub has_destination: bool,
    /// How long a yes holds in this host.
    pub yes_lasts: YesLasts,
    /// Standard input, output and error are terminals.
    pub terminal: bool,
    /// A coding agent runs this.
    pub agent: bool,
    /// The host was told to answer its own questions (`--yes-always`).
    pub automated: bool,
    /// A run that only prints: `--help`, `--version`, listings.
    pub prints_only: bool,
    /// The draw.
    pub draw: Draw,
    /// Questions shown so far and not answered.
    pub attempts: u8,
    /// The user named a log.
    pub log_named: bool,
}

impl Input {
    /// Whether a person is there to be asked.
    pub fn can_ask(&self) -> bool {
        self.terminal && !self.agent && !self.automated && !self.prints_only
    }

    /// Whether `--analytics` was typed, and counts.
    pub fn on_is_typed(&self) -> bool {
        self.flag == Flag::On(Source::Typed)
    }
}
