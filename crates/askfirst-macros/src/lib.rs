//! `catalog!("analytics.toml")`: one Rust type for each event of a catalog; and
//! `profile!("tool.toml")`: a tool's profile, checked when it is compiled.
//!
//! What a tool may record is what its catalog declares; everything else does not compile:
//!
//! - an event is a struct, its properties are fields: an undeclared one is an unknown field;
//! - an enum is an enum of the catalog's words, so a `String` or a path is a type mismatch;
//! - models, versions and frames are types of the SDK that only its lists can make.
//!
//! The catalog's sentences (`why`) are the documentation of the types, so an editor shows
//! them where an event is written.
//!
//! 1. `source` finds and reads the catalog and its list of models.
//! 2. `properties` makes one enum for each property with words, and says how each kind of
//!    property is typed and written.
//! 3. `events` makes the structs.
//! 4. `samples` writes the samples the question shows, `prepared` a profile.

mod events;
mod names;
mod near;
mod prepared;
mod properties;
mod samples;
mod source;

use askfirst_catalog::Catalog;
use proc_macro::TokenStream;
use proc_macro2::Span;
use quote::quote;
use syn::{LitStr, parse_macro_input};

/// One type for each event of a catalog: `"llm-coding"`, the shipped one, or the path of a
/// file, relative to the crate's `Cargo.toml`, with `models.tsv` and `providers.txt` beside it.
///
/// Makes a constant `CATALOG` (the first 8 hex digits of the catalog's hash), an enum for
/// each property with words, and a struct for each event.
#[proc_macro]
pub fn catalog(input: TokenStream) -> TokenStream {
    let path = match syn::parse::<LitStr>(input) {
        Ok(path) => path,
        Err(error) => return not_a_text(error.span()).to_compile_error().into(),
    };
    let made = source::read(&path).map(|(catalog, files)| {
        let hash = catalog.short_hex();
        let enums = properties::enums(&catalog);
        let events = events::structs(&catalog);
        quote! {
            /// The first 8 hex digits of the catalog's hash: every event carries them.
            pub const CATALOG: &str = #hash;
            // So that a change of these files builds this crate again.
            const _: &[&[u8]] = &[#(include_bytes!(#files)),*];
            #enums
            #events
        }
    });
    made.unwrap_or_else(|error| error.to_compile_error()).into()
}

fn not_a_text(at: Span) -> syn::Error {
    syn::Error::new(
        at,
        "say which catalog, as one text: `catalog!(\"llm-coding\")`, or the path of a .toml file, \
         relative to the crate's Cargo.toml",
    )
}

/// For the SDK: one sample of every event of the shipped catalog, as a constant slice, so that
/// a program can show them without a reader of catalogs in it.
#[doc(hidden)]
#[proc_macro]
pub fn shipped_samples(_: TokenStream) -> TokenStream {
    samples::written(&Catalog::builtin().samples()).into()
}

/// The profile of a tool, read and checked when it is compiled: `"aider"`, a shipped one, or
/// the path of a file, relative to the crate's `Cargo.toml`, with its list of modules beside it.
///
/// An `Arc<Profile>`. What is wrong with the file is an error of the compiler, and a start of
/// the tool reads nothing again.
#[proc_macro]
pub fn profile(input: TokenStream) -> TokenStream {
    let path = parse_macro_input!(input as LitStr);
    let made = source::read_profile(&path).map(|(profile, files)| {
        let profile = prepared::written(&profile);
        quote! {{
            const _: &[&[u8]] = &[#(include_bytes!(#files)),*];
            ::std::sync::Arc::new(#profile)
        }}
    });
    made.unwrap_or_else(|error| error.to_compile_error()).into()
}
