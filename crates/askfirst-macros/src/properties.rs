//! How each kind of property is typed and written.

use askfirst_catalog::{Catalog, Class, Kind, Precision, Property, Role};
use proc_macro2::TokenStream;
use quote::quote;
use std::collections::HashSet;

use crate::names::upper;

/// An enum for each property whose values are words.
pub(crate) fn enums(catalog: &Catalog) -> TokenStream {
    let used: HashSet<_> = catalog
        .events()
        .iter()
        .flat_map(|event| event.properties.iter().copied())
        .collect();
    let all = catalog.properties().iter().enumerate();
    let with_words = all.filter(|(at, property)| {
        let on_an_event = used.iter().any(|id| id.index() == *at);
        on_an_event && !property.withdrawn && !property.kind.values().is_empty()
    });
    with_words.map(|(_, property)| one_enum(property)).collect()
}

fn one_enum(property: &Property) -> TokenStream {
    let name = upper(&property.name);
    let doc = format!(
        "{} Words of the catalog's `{}`.",
        property.why, property.name
    );
    let mut words: Vec<&str> = property.kind.values().iter().map(AsRef::as_ref).collect();
    if has_other(&property.kind) && !words.contains(&"other") {
        words.push("other");
    }
    let mut taken = HashSet::new();
    let variants: Vec<_> = words
        .iter()
        .map(|word| {
            let mut variant = upper(word);
            while !taken.insert(variant.to_string()) {
                variant = quote::format_ident!("{variant}_");
            }
            variant
        })
        .collect();
    let docs = words.iter().map(|word| format!("`{word}`"));
    let unknown = match has_other(&property.kind) {
        true => quote!(Some(Self::Other)),
        false => quote!(None),
    };
    quote! {
        #[doc = #doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum #name { #(#[doc = #docs] #variants),* }

        impl #name {
            /// The catalog's word.
            pub const fn word(self) -> ::askfirst::Word {
                match self {
                    #(Self::#variants => const { ::askfirst::Word::of_the_catalog(#words) }),*
                }
            }

            /// The variant of a word the tool has at run time. One that is not in the list is
            /// kept nowhere.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { #(#words => Some(Self::#variants),)* _ => #unknown }
            }
        }
    }
}

fn has_other(kind: &Kind) -> bool {
    match kind {
        Kind::Enum { other, .. } => *other,
        Kind::Error { .. } => true,
        _ => false,
    }
}

/// The type of a property's field; `None` for what the SDK adds by itself.
pub(crate) fn type_of(property: &Property) -> Option<TokenStream> {
    if property.withdrawn || !matches!(property.role, Role::Column) {
        return None;
    }
    Some(match &property.kind {
        Kind::Bool => quote!(bool),
        Kind::Count { .. } => quote!(u64),
        Kind::Amount { .. } => quote!(::askfirst::Billionths),
        Kind::Duration { .. } => quote!(::std::time::Duration),
        Kind::Enum { .. } | Kind::Error { .. } => {
            let name = upper(&property.name);
            quote!(#name)
        }
        Kind::Version { .. } => quote!(::askfirst::Version),
        Kind::Model => quote!(::askfirst::Model),
        Kind::Frames => quote!(::askfirst::Frames),
        _ => return None,
    })
}

/// The statement that writes `value`, a reference to the field's content.
pub(crate) fn write(property: &Property, event: Class, prices: bool) -> TokenStream {
    let json = format!("\"{}\":", property.name);
    let class = class(property.class.unwrap_or(event));
    // A constant, so that what is no key does not compile and nothing is checked at run time.
    let key = quote!(const { ::askfirst::Key::new(#json, #class) });
    match &property.kind {
        Kind::Bool => quote!(out.bool(#key, *value)),
        Kind::Count { max, precision } => {
            let precision = self::precision(*precision);
            quote!(out.count(#key, *value, #max, #precision))
        }
        Kind::Amount { precision, .. } => {
            let precision = self::precision(*precision);
            quote!(out.amount(#key, value.get(), #precision))
        }
        Kind::Duration { max, precision } => {
            let precision = self::precision(*precision);
            quote!(out.duration(#key, u64::try_from(value.as_millis()).unwrap_or(u64::MAX), #max, #precision))
        }
        Kind::Version { .. } => quote!(out.version(#key, value)),
        Kind::Model => quote!(out.model(#key, value, #prices)),
        Kind::Frames => quote!(out.frames(#key, value)),
        _ => quote!(out.word(#key, value.word())),
    }
}

/// A class as a path.
pub(crate) fn class(class: Class) -> TokenStream {
    let name = upper(class.name());
    quote!(::askfirst::Class::#name)
}

fn precision(precision: Precision) -> TokenStream {
    match precision {
        Precision::TwoDigits => quote!(::askfirst::Precision::TwoDigits),
        Precision::PowerOfTwo => quote!(::askfirst::Precision::PowerOfTwo),
        Precision::Exact => quote!(::askfirst::Precision::Exact),
    }
}
