//! A struct for each event.

use askfirst_catalog::{Catalog, Event, Expires, Kind, Property};
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
    let doc = format!("`{}`: {}", event.name, event.why);
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
        let (name, doc) = (field(&property.name), &property.why);
        quote!(#[doc = #doc] pub #name: Option<#kind>)
    });
    let writes = typed.iter().map(|(at, property, _)| {
        let name = field(&property.name);
        let write = write(property, event.class, Some(*at) == priced_by);
        quote!(if let Some(value) = &self.#name { #write; })
    });
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
