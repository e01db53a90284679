//! The macro behind the table.

/// Declares the keys of one scope: the enum of its keys, the rows, the typed settings, and how a
/// builder sets them.
///
/// A row reads
///
/// ```text
/// /// What it is for.
/// Key name ["alias"]: Type = "default", since "3.0" [, flag "--name" for Roles] [inherited];
/// ```
macro_rules! keys {
    (
        $(#[$settings_doc:meta])* struct $Settings:ident;
        $(#[$key_doc:meta])* enum $Key:ident;
        builder $Builder:ident;
        $(
            $(#[doc = $doc:literal])+
            $Variant:ident $field:ident $([$($alias:literal),+])? : $Type:ident = $default:literal,
            since $since:literal $(, flag $flag:literal for $roles:ident)? $([$inherited:ident])?;
        )+
    ) => {
        $(#[$key_doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $Key {
            $( $(#[doc = $doc])+ $Variant, )+
        }

        impl $Key {
            /// Every key, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$Variant),+];

            /// The key's row.
            pub const fn info(self) -> &'static $crate::keys::KeyInfo {
                match self {
                    $( Self::$Variant => const { &$crate::keys::KeyInfo {
                        name: stringify!($field),
                        aliases: &[$($($alias),+)?],
                        expects: <$Type as $crate::values::FromNode>::EXPECTS,
                        form: <$Type as $crate::values::Formed>::FORM,
                        default: $default,
                        flag: keys!(@flag $($flag $roles)?),
                        inherited: keys!(@inherited $($inherited)?),
                        since: $since,
                        doc: concat!($($doc, "\n"),+),
                    } }, )+
                }
            }

            /// The key of this spelling; `-` stands for `_`, as in Jina.
            pub fn named(name: &str) -> Option<Self> {
                match name {
                    $( stringify!($field) $($(| $alias)+)? => Some(Self::$Variant), )+
                    _ if name.contains('-') => Self::named(&name.replace('-', "_")),
                    _ => None,
                }
            }
        }

        $(#[$settings_doc])*
        #[derive(Debug, Clone, Default)]
        #[non_exhaustive]
        pub struct $Settings {
            $( $(#[doc = $doc])+ pub $field: $crate::keys::Setting<$Type>, )+
            /// The user's own keys (`x-…`).
            pub extra: $crate::values::Extra,
            /// Where the keys that were read are written.
            pub(crate) written: Vec<($Key, $crate::keys::Written)>,
        }

        /// Equal when they say the same, wherever it is written.
        impl PartialEq for $Settings {
            fn eq(&self, other: &Self) -> bool {
                $( self.$field == other.$field && )+ self.extra == other.extra
            }
        }

        impl $Settings {
            /// Reads the value of one key. A null value is an absent key, as in Jina.
            pub(crate) fn read(
                &mut self,
                key: $Key,
                entry: &$crate::source::Entry,
                diagnostics: &mut $crate::diagnostic::Diagnostics,
            ) {
                let node = &*entry.value;
                if node.is_null() {
                    return;
                }
                self.written.push((key, $crate::keys::Written::of(entry)));
                match key {
                    $( $Key::$Variant => {
                        let mut reader = $crate::values::Reader::new(stringify!($field), diagnostics);
                        reader.check_text(node);
                        let value = <$Type as $crate::values::FromNode>::from_node(node, &mut reader);
                        if let Some(value) = value {
                            self.$field = $crate::span::Spanned::new(value, node.span).into();
                        }
                    } )+
                }
            }

            /// Reads the value of a key that may also be written elsewhere, and reports one that is.
            #[allow(dead_code, reason = "a gateway has one place")]
            pub(crate) fn read_beside(
                &mut self,
                key: $Key,
                entry: &$crate::source::Entry,
                diagnostics: &mut $crate::diagnostic::Diagnostics,
            ) {
                let Some(before) = self.written(key) else {
                    return self.read(key, entry, diagnostics);
                };
                let name = key.info().name;
                let before = $crate::span::Spanned { value: name.to_owned(), span: before.key };
                diagnostics.push($crate::keys::twice(name, &before, &entry.key));
            }

            /// Where a key is written; `None` for one that is not set, or was set in code.
            pub fn written(&self, key: $Key) -> Option<&$crate::keys::Written> {
                let mut found = self.written.iter().rev();
                found.find(|(written, _)| *written == key).map(|(_, written)| written)
            }

            /// Takes what `with:` of the Flow hands down and this entry does not set. Returns the
            /// mappings and lists of which the entry's own replace what it would have inherited.
            #[allow(dead_code, unused_variables, unused_mut, reason = "`with:` itself inherits nothing")]
            pub(crate) fn inherit(&mut self, common: &Self) -> Vec<$crate::keys::Replaced> {
                let mut replaced = Vec::new();
                $( keys!(@inherit self common replaced $Key $Variant $field $($inherited)?); )+
                replaced
            }

            /// The flags that a process of `role` is started with, in the order of the table.
            #[allow(dead_code, unused_mut, unused_variables, reason = "a Flow's own keys have no flags")]
            pub(crate) fn flags(&self, role: $crate::keys::Role) -> Vec<$crate::keys::SetFlag> {
                let mut flags = Vec::new();
                $( keys!(@push self role flags $field $($flag $roles)?); )+
                flags
            }

            /// The keys that are set, as they are written, in the order of the table; the user's own last.
            pub fn to_map(&self) -> serde_json::Map<String, serde_json::Value> {
                let mut map = serde_json::Map::new();
                $( if let Some(value) = &*self.$field {
                    let value = $crate::values::ToValue::to_value(&value.value);
                    map.insert(stringify!($field).to_owned(), value);
                } )+
                self.extra.write_to(&mut map);
                map
            }

            /// The keys that are set, and where.
            pub fn set_keys(&self) -> Vec<$crate::span::Spanned<$Key>> {
                let mut keys = Vec::new();
                $( if let Some(value) = &*self.$field {
                    keys.push($crate::span::Spanned { value: $Key::$Variant, span: value.span });
                } )+
                keys
            }
        }

        impl $crate::flow::$Builder {
            keys!(@own $Builder);
            $( keys!(@setter $field $Type $($doc)+); )+
        }
    };
    // Those of a Flow belong to its document.
    (@own FlowBuilder) => {};
    (@own $Builder:ident) => {
        /// Keys of your own (`x-…`), which Jina ignores.
        pub fn extra(mut self, extra: impl Into<$crate::values::Extra>) -> Self {
            self.settings.extra = extra.into();
            self
        }
    };
    // What has no effect need not be said.
    (@setter $field:ident Anything $($doc:literal)+) => {};
    (@setter $field:ident $Type:ident $($doc:literal)+) => {
        $(#[doc = $doc])+
        pub fn $field(mut self, value: impl Into<$Type>) -> Self {
            self.settings.$field = $crate::span::Spanned::unwritten(value.into()).into();
            self
        }
    };
    (@flag) => { None };
    (@flag $flag:literal $roles:ident) => {
        Some($crate::keys::Flag { name: $flag, roles: $crate::keys::Roles::$roles })
    };
    (@inherited) => { false };
    (@inherited inherited) => { true };
    (@inherit $self:ident $common:ident $replaced:ident $Key:ident $Variant:ident $field:ident) => {};
    (@inherit $self:ident $common:ident $replaced:ident $Key:ident $Variant:ident $field:ident inherited) => {
        match (&*$self.$field, &*$common.$field) {
            (Some(own), Some(common)) => {
                $replaced.extend($crate::keys::Replaced::new(stringify!($field), own, common));
            }
            (None, Some(common)) => {
                $self.$field = common.clone().into();
                let written = $common.written($Key::$Variant);
                $self.written.extend(written.map(|written| ($Key::$Variant, *written)));
            }
            (_, None) => {}
        }
    };
    (@push $self:ident $role:ident $flags:ident $field:ident) => {};
    (@push $self:ident $role:ident $flags:ident $field:ident $flag:literal $roles:ident) => {
        if $crate::keys::Roles::$roles.contains($role) {
            if let Some(value) = &*$self.$field {
                let words = $crate::values::ToArguments::to_arguments(&value.value);
                $flags.push(($flag, $crate::span::Spanned { value: words, span: value.span }));
            }
        }
    };
}

pub(crate) use keys;
