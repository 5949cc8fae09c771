//! iPXE scripts, rendered from typed parts.

use schemas_model::{Fault, Node};

use crate::kernel_arguments::KernelArguments;

/// How often the script tries again before it powers off.
const ATTEMPTS: u32 = 10;

/// The script that boots a kernel and a ramdisk over HTTP.
pub(crate) fn boot_ramdisk(
    kernel: &HttpUrl,
    ramdisk: &HttpUrl,
    arguments: &KernelArguments,
) -> String {
    format!(
        "#!ipxe\n\
         set tries:int32 0\n\
         :deploy\n\
         imgfree\n\
         kernel {kernel} selinux=0 troubleshoot=0 text {arguments} BOOTIF=${{mac}} initrd=ramdisk || goto again\n\
         initrd --name ramdisk {ramdisk} || goto again\n\
         boot\n\
         :again\n\
         iseq ${{tries}} {ATTEMPTS} && goto give_up ||\n\
         inc tries\n\
         echo No answer, trying again in ${{tries}} seconds\n\
         sleep ${{tries}}\n\
         goto deploy\n\
         :give_up\n\
         echo No answer after {ATTEMPTS} tries; powering off in 30 seconds\n\
         sleep 30\n\
         poweroff\n"
    )
}

/// An `http(s)` URL without anything that ends a word in a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HttpUrl(String);

impl HttpUrl {
    /// Checks a URL; `what` says whose it is.
    ///
    /// # Errors
    /// `InvalidParameterValue`.
    pub(crate) fn parse(text: &str, what: &str, node: &Node) -> Result<Self, Fault> {
        let refuse = |why: &str| {
            Err(Fault::invalid_parameter(format!(
                "Node {}: {what} '{text}' cannot be booted: {why}.",
                node.uuid
            )))
        };
        match url::Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => {
                let plain = url.to_string();
                if plain.contains(['$', '{', '}', '|', '&', ';']) {
                    return refuse("it has a character that is not allowed in a boot script");
                }
                Ok(HttpUrl(plain))
            }
            Ok(_) => refuse("iPXE loads http and https URLs only"),
            Err(why) => refuse(&why.to_string()),
        }
    }
}

impl std::fmt::Display for HttpUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemas_model::Uuid;

    #[test]
    fn urls_are_checked() {
        let node = Node::new(Uuid::random(), "ipmi");
        assert!(HttpUrl::parse("http://192.0.2.1/kernel", "deploy_kernel", &node).is_ok());
        for bad in [
            "file:///etc/passwd",
            "0f0f0f0f",
            "http://h/${net0/mac}",
            "http://h/a;b",
            "http://h/a||b",
        ] {
            assert!(
                HttpUrl::parse(bad, "deploy_kernel", &node).is_err(),
                "{bad}"
            );
        }
        let spaced = HttpUrl::parse("http://h/a b\nboot", "deploy_kernel", &node).unwrap();
        assert!(!spaced.to_string().contains([' ', '\n']));
    }

    #[test]
    fn the_script_names_kernel_ramdisk_and_arguments() {
        let node = Node::new(Uuid::random(), "ipmi");
        let url = |text| HttpUrl::parse(text, "x", &node).unwrap();
        let mut arguments = KernelArguments::default();
        arguments.extend("ipa-debug=1", "x", &node).unwrap();
        let script = boot_ramdisk(&url("http://h/k"), &url("http://h/r"), &arguments);
        assert!(script.starts_with("#!ipxe\n"));
        assert!(script.contains("kernel http://h/k "));
        assert!(script.contains("ipa-debug=1 BOOTIF=${mac}"));
        assert!(script.contains("initrd --name ramdisk http://h/r"));
    }
}
