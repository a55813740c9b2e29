//! A struct for each event.

use askfirst_catalog::{Catalog, Class, Event, Expires, Kind, Precision, Property};
use proc_macro2::TokenStream;
use quote::quote;

use crate::names::{field, upper};
use crate::properties::{class, type_of, write};

pub(crate) fn structs(catalog: &Catalog) -> TokenStream {
    let live = catalog.events().iter().filter(|event| !event.withdrawn);
    // The SDK counts what is lost by itself.
    let recorded = live.filter(|event| &*event.name != "losses");
    recorded.map(|event| one(catalog, event)).collect()
}

fn one(catalog: &Catalog, event: &Event) -> TokenStream {
    let name = upper(&event.name);
    let doc = doc_of(catalog, event);
    let properties = event.properties.iter().map(|id| catalog.property(*id));
    // Money is written after the model it belongs to.
    let mut properties: Vec<&Property> = properties.collect();
    properties.sort_by_key(|property| matches!(property.kind, Kind::Amount { .. }));
    let priced_by = properties
        .iter()
        .position(|property| property.kind == Kind::Model);
    let typed: Vec<_> = properties
        .iter()
        .enumerate()
        .filter_map(|(at, property)| Some((at, *property, type_of(property)?)))
        .collect();
    let spelled = event
        .spelled
        .as_ref()
        .map(|it| catalog.property(it.property));
    let fields = typed.iter().map(|(_, property, kind)| {
        let (name, doc) = (field(&property.name), doc_of_field(property, event.class));
        quote!(#[doc = #doc] pub #name: Option<#kind>)
    });
    let writes = typed.iter().map(|(at, property, _)| {
        let name = field(&property.name);
        let write = write(property, event.class, Some(*at) == priced_by);
        quote!(if let Some(value) = &self.#name { #write; })
    });
    let opening = opening(event);
    let wire_name = wire_name(event, spelled);
    let class = class(event.class);
    let last_day = match &event.expires {
        Expires::Never(_) => quote!(None),
        Expires::After(day) => quote!(Some(#day)),
    };
    quote! {
        #[doc = #doc]
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct #name { #(#fields),* }

        impl ::askfirst::Event for #name {
            fn name(&self) -> ::std::borrow::Cow<'static, str> { #wire_name }
            fn class(&self) -> ::askfirst::Class { #class }
            fn last_day(&self) -> Option<i32> { #last_day }
            #opening
            fn write(&self, out: &mut ::askfirst::Properties<'_>) {
                let _ = &out;
                #(#writes)*
            }
            fn copied(&self) -> Option<::std::boxed::Box<dyn ::std::any::Any + ::std::marker::Send>> {
                Some(::std::boxed::Box::new(::std::clone::Clone::clone(self)))
            }
        }
    }
}

/// What a reader of the tool's source should know before recording it: what for, what a user
/// agreed to, and until when.
fn doc_of(catalog: &Catalog, event: &Event) -> String {
    let until = match &event.expires {
        Expires::Never(because) => format!("for ever: {because}"),
        Expires::After(_) => "until a day the catalog names, and no longer".to_owned(),
    };
    let name = match &event.spelled {
        Some(it) => {
            let property = &catalog.property(it.property).name;
            format!(
                "`{}`, on the wire `{}{{{property}}}`",
                event.name, it.prefix
            )
        }
        None => format!("`{}`", event.name),
    };
    format!(
        "{name}: {}\n\nOf the class `{}`, for the reports {}. Collected {until}.",
        event.why,
        event.class.name(),
        event.reports.join(", ")
    )
}

/// The same for a property, and what becomes of its value before it leaves.
fn doc_of_field(property: &Property, event: Class) -> String {
    let class = property.class.unwrap_or(event).name();
    let kind = match &property.kind {
        Kind::Bool => "Yes or no".to_owned(),
        Kind::Count { max, precision } => format!("At most {max}, {}", cut(*precision)),
        Kind::Amount { unit, precision } => {
            format!(
                "In {}, {}; only beside a public model",
                unit.name(),
                cut(*precision)
            )
        }
        Kind::Duration { max, precision } => format!("At most {max} ms, {}", cut(*precision)),
        Kind::Version { parts } => format!("Its first {parts} numbers"),
        Kind::Model => "Its public name, or redacted".to_owned(),
        Kind::Frames => "Places in the tool's own released source".to_owned(),
        _ => "A word of the catalog".to_owned(),
    };
    format!("{}\n\n{kind}. Of the class `{class}`.", property.why)
}

fn cut(precision: Precision) -> &'static str {
    match precision {
        Precision::TwoDigits => "cut to two digits",
        Precision::PowerOfTwo => "cut to a power of two",
        Precision::Exact => "exact",
    }
}

/// How the event's line begins, unless a word is spelled into its name. A constant, so that
/// nothing is put together or checked at run time.
fn opening(event: &Event) -> TokenStream {
    if event.spelled.is_some() {
        return TokenStream::new();
    }
    let json = format!("{{\"event\":\"{}\",\"properties\":{{", event.name);
    quote! {
        fn opening(&self) -> Option<::askfirst::Opening> {
            Some(const { ::askfirst::Opening::of_the_catalog(#json) })
        }
    }
}

/// `command_ask` where the catalog spells a word into the name.
fn wire_name(event: &Event, spelled: Option<&Property>) -> TokenStream {
    let plain = &*event.name;
    match (&event.spelled, spelled) {
        (Some(spelling), Some(property)) => {
            let (prefix, field) = (&spelling.prefix, field(&property.name));
            quote!(match self.#field {
                Some(word) => ::std::borrow::Cow::Owned(format!("{}{}", #prefix, word.word().as_str())),
                None => ::std::borrow::Cow::Borrowed(#plain),
            })
        }
        _ => quote!(::std::borrow::Cow::Borrowed(#plain)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the documentation of the types says, in one text.
    fn docs() -> String {
        structs(&Catalog::builtin()).to_string()
    }

    /// As it stands in source code.
    fn quoted(text: &str) -> String {
        let text = format!("{text:?}");
        text.trim_matches('"').to_owned()
    }

    #[test]
    fn p12_the_documentation_of_every_event_says_why_and_of_what_class() {
        let (docs, catalog) = (docs(), Catalog::builtin());
        let live = catalog.events().iter().filter(|it| !it.withdrawn);
        for event in live.filter(|it| &*it.name != "losses") {
            let why = quoted(&event.why);
            let at = docs
                .find(&why)
                .unwrap_or_else(|| panic!("{}: {why}", event.name));
            let class = format!("Of the class `{}`", event.class.name());
            let rest = &docs[at + why.len()..];
            assert!(rest[..class.len() + 8].contains(&class), "{}", event.name);
        }
    }

    #[test]
    fn p12_the_documentation_of_a_property_says_why_its_class_and_what_becomes_of_it() {
        let docs = docs();
        for (property, becomes) in [
            ("prompt_tokens", "cut to two digits. Of the class `models`."),
            (
                "main_model",
                "Its public name, or redacted. Of the class `models`.",
            ),
            (
                "cost",
                "cut to two digits; only beside a public model. Of the class `models`.",
            ),
            (
                "edit_format",
                "A word of the catalog. Of the class `edits`.",
            ),
            (
                "num_files",
                "cut to a power of two. Of the class `features`.",
            ),
        ] {
            let catalog = Catalog::builtin();
            let found = catalog.properties().iter().find(|it| &*it.name == property);
            let why = quoted(&found.unwrap().why);
            let says = format!("{why}\\n\\n");
            let at = docs.find(&says).unwrap_or_else(|| panic!("{property}"));
            let line: String = docs[at + says.len()..].chars().take(160).collect();
            assert!(line.contains(becomes), "{property}: {line}");
        }
    }
}
