//! Codes shared by all threads of a question: a text or an install id has one number, whichever segment and
//! dictionary it comes from.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use crate::scan::hashing::Seeded;

/// The code of a value that was not recorded.
pub(crate) const NONE: u32 = 0;

/// Numbers given to values in the order in which they are met, from 1.
#[derive(Debug)]
pub(crate) struct Codes<T> {
    state: Mutex<State<T>>,
}

#[derive(Debug)]
struct State<T> {
    codes: HashMap<T, u32, Seeded>,
    values: Vec<T>,
}

impl<T: Clone + Eq + Hash> Codes<T> {
    pub(crate) fn new() -> Codes<T> {
        Codes {
            state: Mutex::new(State {
                codes: HashMap::default(),
                values: Vec::new(),
            }),
        }
    }

    /// The codes of many values under one lock; `make` owns a value met for the first time.
    pub(crate) fn of_all<'v, Q>(
        &self,
        values: impl Iterator<Item = &'v Q>,
        make: impl Fn(&Q) -> T,
    ) -> Vec<u32>
    where
        T: Borrow<Q>,
        Q: Eq + Hash + ?Sized + 'v,
    {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        values.map(|value| state.code(value, &make)).collect()
    }

    /// The values in the order of their codes; the value of code `n` is at `n - 1`.
    pub(crate) fn values(&self) -> Vec<T> {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .values
            .clone()
    }
}

impl<T: Clone + Eq + Hash> State<T> {
    fn code<Q>(&mut self, value: &Q, make: impl Fn(&Q) -> T) -> u32
    where
        T: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        if let Some(&code) = self.codes.get(value) {
            return code;
        }
        let value = make(value);
        self.values.push(value.clone());
        // a store of 2^32 different values would not have been read this far
        let code = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        self.codes.insert(value, code);
        code
    }
}
