//! A person at a terminal, in the place of one.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::TestClock;
use crate::question::{Read, Terminal};

/// What a person does when the terminal waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typing {
    /// Types a line, after so long.
    Line(&'static str, Duration),
    /// Ends the input.
    End,
    /// Sends a signal.
    Signal,
    /// The terminal fails.
    Failure,
}

/// A terminal with a person who does what was planned. Clones share it.
#[derive(Debug, Clone)]
pub struct Person {
    clock: TestClock,
    scene: Arc<Mutex<Scene>>,
}

#[derive(Debug)]
struct Scene {
    attended: bool,
    columns: usize,
    plan: VecDeque<Typing>,
    screen: String,
    discarded: u32,
    asked: u32,
}

impl Person {
    /// Somebody who reads for a second and types these lines.
    pub fn typing(clock: &TestClock, lines: &[&'static str]) -> Person {
        let typed = lines
            .iter()
            .map(|line| Typing::Line(line, Duration::from_secs(1)));
        Person::doing(clock, typed)
    }

    /// Somebody who does this.
    pub fn doing(clock: &TestClock, plan: impl IntoIterator<Item = Typing>) -> Person {
        Person {
            clock: clock.clone(),
            scene: Arc::new(Mutex::new(Scene {
                attended: true,
                columns: 100,
                plan: plan.into_iter().collect(),
                screen: String::new(),
                discarded: 0,
                asked: 0,
            })),
        }
    }

    /// Nobody: no terminal.
    pub fn nobody(clock: &TestClock) -> Person {
        let person = Person::doing(clock, []);
        person.scene().attended = false;
        person
    }

    /// The same at a terminal of so many columns.
    #[must_use]
    pub fn with_columns(self, columns: usize) -> Person {
        self.scene().columns = columns;
        self
    }

    /// Everything that was shown.
    pub fn screen(&self) -> String {
        self.scene().screen.clone()
    }

    /// How often a line was waited for.
    pub fn asked(&self) -> u32 {
        self.scene().asked
    }

    /// How often what waited was discarded.
    pub fn discarded(&self) -> u32 {
        self.scene().discarded
    }

    fn scene(&self) -> MutexGuard<'_, Scene> {
        self.scene.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Terminal for Person {
    fn is_attended(&self) -> bool {
        self.scene().attended
    }

    fn columns(&self) -> Option<usize> {
        Some(self.scene().columns)
    }

    fn discard_waiting(&mut self) -> io::Result<()> {
        let mut scene = self.scene();
        scene.discarded = scene.discarded.saturating_add(1);
        Ok(())
    }

    fn show(&mut self, text: &str) -> io::Result<()> {
        self.scene().screen.push_str(text);
        Ok(())
    }

    fn read_line(&mut self) -> io::Result<Read> {
        let mut scene = self.scene();
        scene.asked = scene.asked.saturating_add(1);
        match scene.plan.pop_front() {
            Some(Typing::Line(line, after)) => {
                self.clock.advance(after);
                scene.screen.push_str(line);
                scene.screen.push('\n');
                Ok(Read::Line(line.to_owned()))
            }
            Some(Typing::End) | None => Ok(Read::End),
            Some(Typing::Signal) => Ok(Read::Interrupted),
            Some(Typing::Failure) => Err(io::Error::other("the terminal is gone")),
        }
    }
}
