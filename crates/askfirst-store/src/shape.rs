//! What the store needs of a catalog: names of events, columns of properties (decision D26).

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use arrow_schema::DataType;
use askfirst_catalog::{Catalog, EventId, Kind, Models, PropertyId, Value};

use crate::codec::Fault;
use crate::dir::Dir;
use crate::error::Error;
use crate::row::Row;
use crate::{dir, hex};

/// How values of a column are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Physical {
    Bool,
    Int,
    Text,
}

impl Physical {
    /// The type in Arrow.
    pub(crate) fn data_type(self) -> DataType {
        match self {
            Physical::Bool => DataType::Boolean,
            Physical::Int => DataType::Int64,
            Physical::Text => {
                DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
            }
        }
    }
}

/// The column of a property.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) name: Arc<str>,
    pub(crate) physical: Physical,
    /// The catalog's word for its kind: a column keeps it for ever (decision D27).
    pub(crate) kind: &'static str,
}

/// A catalog, by position.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) sha256: [u8; 32],
    pub(crate) events: Vec<Arc<str>>,
    pub(crate) columns: Vec<Column>,
}

impl Shape {
    pub(crate) fn of(catalog: &Catalog) -> Shape {
        let column = |property: &askfirst_catalog::Property| Column {
            name: Arc::from(property.column.as_str()),
            physical: match property.kind {
                Kind::Bool => Physical::Bool,
                Kind::Count { .. } | Kind::Amount { .. } | Kind::Duration { .. } => Physical::Int,
                _ => Physical::Text,
            },
            kind: property.kind.name(),
        };
        Shape {
            sha256: catalog.sha256(),
            events: catalog
                .events()
                .iter()
                .map(|it| Arc::clone(&it.name))
                .collect(),
            columns: catalog.properties().iter().map(column).collect(),
        }
    }

    /// What a WAL record names the catalog by.
    pub(crate) fn mark(&self) -> [u8; 8] {
        let mut mark = [0; 8];
        mark.copy_from_slice(&self.sha256[..8]);
        mark
    }

    /// Whether a row's numbers are of this catalog. A row that is not must not get into the
    /// WAL: it could never be sealed.
    pub(crate) fn check(&self, row: &Row) -> Result<(), Fault> {
        self.event(row.event)
            .ok_or("an event the catalog does not have")?;
        for (property, value) in &row.values {
            let column = self.column(*property);
            let column = column.ok_or("a property the catalog does not have")?;
            let fits = match value {
                Value::Bool(_) => Physical::Bool,
                Value::Count(_) | Value::Amount(_) | Value::Duration(_) => Physical::Int,
                Value::Text(_) => Physical::Text,
            };
            if column.physical != fits {
                return Err("a value that is not of its property's kind");
            }
        }
        Ok(())
    }

    pub(crate) fn event(&self, id: EventId) -> Option<&Arc<str>> {
        self.events.get(id.index())
    }

    pub(crate) fn column(&self, id: PropertyId) -> Option<&Column> {
        self.columns.get(id.index())
    }
}

/// Every catalog a data directory knows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shapes {
    by_mark: HashMap<[u8; 8], Arc<Shape>>,
    kinds: HashMap<Arc<str>, Column>,
}

impl Shapes {
    /// Reads `catalogs/`, but for the one the program has anyway. `models` is the program's
    /// list: a stored catalog is read for its names and kinds only.
    pub(crate) fn load(
        dir: &Dir,
        known: &Arc<Shape>,
        models: &Arc<Models>,
    ) -> Result<Shapes, Error> {
        let mut shapes = Shapes::default();
        for name in dir.list(&dir.catalogs())? {
            let Some(sha256) = dir::catalog_hash(&name) else {
                continue;
            };
            let path = dir.catalog(&sha256);
            let shape = match known.sha256 == sha256 {
                true => Arc::clone(known),
                false => Arc::new(read(dir, &path, sha256, models)?),
            };
            shapes.insert(shape)?;
        }
        Ok(shapes)
    }

    /// Adds a catalog.
    ///
    /// # Errors
    ///
    /// [`Error::ColumnChanged`] if it gives a known column another kind.
    pub(crate) fn insert(&mut self, shape: Arc<Shape>) -> Result<(), Error> {
        for column in &shape.columns {
            match self.kinds.get(&column.name) {
                Some(known) if known.kind != column.kind => {
                    return Err(Error::ColumnChanged {
                        column: column.name.to_string(),
                        stored: known.kind,
                        now: column.kind,
                    });
                }
                Some(_) => {}
                None => {
                    self.kinds.insert(Arc::clone(&column.name), column.clone());
                }
            }
        }
        self.by_mark.insert(shape.mark(), shape);
        Ok(())
    }

    /// The catalog a record names.
    pub(crate) fn find(&self, mark: [u8; 8]) -> Option<&Arc<Shape>> {
        self.by_mark.get(&mark)
    }

    /// The catalog of a hash.
    pub(crate) fn of_hash(&self, sha256: &[u8; 32]) -> Option<&Arc<Shape>> {
        let mut mark = [0; 8];
        mark.copy_from_slice(&sha256[..8]);
        self.find(mark).filter(|shape| shape.sha256 == *sha256)
    }

    /// The types of every property's column.
    pub(crate) fn column_types(&self) -> HashMap<String, DataType> {
        let types = self.kinds.iter();
        types
            .map(|(name, it)| (name.to_string(), it.physical.data_type()))
            .collect()
    }

    /// The type of a property's column, if any catalog has it.
    pub(crate) fn column_type(&self, column: &str) -> Option<DataType> {
        self.kinds.get(column).map(|it| it.physical.data_type())
    }
}

fn read(dir: &Dir, path: &Path, sha256: [u8; 32], models: &Arc<Models>) -> Result<Shape, Error> {
    let bad = |problem: String| Error::Catalog {
        path: path.to_owned(),
        problem,
    };
    let text = String::from_utf8(dir.read(path)?).map_err(|_| bad("not UTF-8".to_owned()))?;
    let file = format!("catalogs/{}.toml", hex::encode(&sha256));
    let catalog = Catalog::parse(&file, &text, Arc::clone(models))
        .map_err(|problems| bad(problems.to_string().lines().next().unwrap_or("").to_owned()))?;
    match catalog.sha256() == sha256 {
        true => Ok(Shape::of(&catalog)),
        false => Err(bad("its hash is not its name".to_owned())),
    }
}
