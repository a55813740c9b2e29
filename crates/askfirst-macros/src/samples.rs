//! Samples of events, as constants.

use askfirst_catalog::Sample;
use proc_macro2::TokenStream;
use quote::quote;

use crate::names::upper;

pub(crate) fn written(samples: &[Sample]) -> TokenStream {
    let samples = samples.iter().map(one);
    quote!(&[#(#samples),*])
}

fn one(sample: &Sample) -> TokenStream {
    let (event, properties) = (&*sample.event, sample.properties);
    let members = sample.members.iter().map(|(class, text)| {
        let (class, text) = (upper(class.name()), &**text);
        quote!((::askfirst_catalog::Class::#class, ::std::borrow::Cow::Borrowed(#text)))
    });
    let class = upper(sample.class.name());
    quote!(::askfirst_catalog::Sample {
        event: ::std::borrow::Cow::Borrowed(#event),
        class: ::askfirst_catalog::Class::#class,
        properties: #properties,
        members: ::std::borrow::Cow::Borrowed(&[#(#members),*]),
    })
}
