//! What a policy lets a handler do. There is no other way from a handler to the database or to
//! conductors.

use schemas_db::{Database, NodeIdent};
use schemas_model::{Class, Fault, Node, Uuid};
use schemas_rest::operations::Gate;
use schemas_rest::out::Visibility;
use schemas_rest::params::not_acceptable;
use schemas_rest::{Feature, ident};
use schemas_rpc::{Destination, Method};

use super::call::Call;
use crate::auth::Target;
use crate::driver_facts::DriverFacts;
use crate::ring::ConductorRing;

/// Proof that a rule allowed the call to go on, and the object it was asked about.
pub struct Access<'c, T = ()> {
    call: &'c Call,
    /// What the rule was asked about.
    pub object: T,
}

impl Call {
    fn permits(&self, rule: &str, target: &Target) -> bool {
        self.state.enforcer.allows(rule, target, &self.context)
    }

    fn require(&self, rule: &str, target: &Target) -> Result<(), Fault> {
        if self.permits(rule, target) {
            Ok(())
        } else {
            Err(forbidden(rule))
        }
    }

    /// Asks the rule of the operation, then checks the version gates of the parameters.
    ///
    /// # Errors
    /// 403; 406 or 400 for a parameter that is too new.
    pub fn authorise(&self) -> Result<Access<'_>, Fault> {
        self.authorise_rule(self.operation.rule)
    }

    /// The same with another rule.
    ///
    /// # Errors
    /// As [`Call::authorise`].
    pub fn authorise_rule(&self, rule: &str) -> Result<Access<'_>, Fault> {
        self.require(rule, &Target::default())?;
        self.late_gates()?;
        Ok(Access {
            call: self,
            object: (),
        })
    }

    /// Asks whether lists of a kind are allowed, and of which project when not of all:
    /// `baremetal:<kind>:list_all`, else `baremetal:<kind>:list`.
    ///
    /// # Errors
    /// 403; 406 or 400 for a parameter that is too new.
    pub fn authorise_list(
        &self,
        kind: &str,
        wanted_project: Option<&str>,
    ) -> Result<Access<'_, Option<String>>, Fault> {
        let all = format!("baremetal:{kind}:list_all");
        let project = if self.permits(&all, &Target::default()) {
            wanted_project.map(str::to_owned)
        } else {
            let own = self
                .context
                .project_id
                .clone()
                .filter(|own| wanted_project.is_none_or(|wanted| wanted == own))
                .ok_or_else(|| forbidden(&all))?;
            self.require(&format!("baremetal:{kind}:list"), &Target::default())?;
            Some(own)
        };
        self.late_gates()?;
        Ok(Access {
            call: self,
            object: project,
        })
    }

    /// The same for a list that may be below a node: a node that is hidden is not there.
    ///
    /// # Errors
    /// As [`Call::authorise_list`]; 404.
    pub async fn authorise_list_below(
        &self,
        kind: &str,
    ) -> Result<Access<'_, Option<String>>, Fault> {
        let listed = self.authorise_list(kind, None);
        if let Err(denied) = &listed
            && denied.is_a(Class::HTTPForbidden)
            && let Some(node) = self.path_maybe("node")
        {
            self.authorise_node_for("baremetal:node:get", node).await?;
        }
        listed
    }

    /// Asks a rule about something that has an owner of its own (an allocation, a runbook).
    ///
    /// # Errors
    /// 403.
    pub fn authorise_owned(&self, rule: &str, owner: Option<&str>) -> Result<Access<'_>, Fault> {
        let target = Target::of(owner.map(str::to_owned), None);
        self.require(rule, &target)?;
        Ok(Access {
            call: self,
            object: (),
        })
    }

    /// Finds the node of the path and asks the rule of the operation about it.
    ///
    /// # Errors
    /// 404 when there is none or the caller may not know of it, 403 when the caller may see it but
    /// not do this; 406 or 400 for an operation or a parameter that is too new.
    pub async fn authorise_node(&self) -> Result<Access<'_, Node>, Fault> {
        let access = self
            .authorise_node_for(self.operation.rule, self.path("node"))
            .await?;
        self.late_gates()?;
        Ok(access)
    }

    /// Finds a node by UUID or name and asks a rule about it.
    ///
    /// # Errors
    /// As [`Call::authorise_node`], without the gates.
    pub async fn authorise_node_for(
        &self,
        rule: &str,
        ident: &str,
    ) -> Result<Access<'_, Node>, Fault> {
        let node = self.find_node(ident).await?;
        self.authorise_found_node(rule, node, ident)
    }

    /// Asks a rule about a node that was found in another way.
    ///
    /// # Errors
    /// 404 when the caller may not know of the node, 403 when the caller may not do this.
    pub(crate) fn authorise_found_node(
        &self,
        rule: &str,
        node: Node,
        ident: &str,
    ) -> Result<Access<'_, Node>, Fault> {
        let target = node_target(&node);
        if !self.permits("baremetal:node:get", &target) {
            return Err(node_not_found(ident));
        }
        self.require(rule, &target)?;
        Ok(Access {
            call: self,
            object: node,
        })
    }

    /// Finds the node that something new is to belong to, and asks a rule about it.
    ///
    /// # Errors
    /// What `missing` makes of a node that is not there; 403 also for one that the caller may not
    /// know of (Ironic 39.0.0, observed).
    pub async fn authorise_parent(
        &self,
        rule: &str,
        ident: &str,
        missing: impl FnOnce(Fault) -> Fault,
    ) -> Result<Access<'_, Node>, Fault> {
        let node = self.find_node(ident).await.map_err(missing)?;
        self.require(rule, &node_target(&node))?;
        Ok(Access {
            call: self,
            object: node,
        })
    }

    /// Finds a node that has to be there before a caller may be told that it is hidden.
    ///
    /// # Errors
    /// What `missing` makes of a node that is not there; 404 for one that is hidden.
    pub async fn authorise_seen_node(
        &self,
        ident: &str,
        missing: impl FnOnce(Fault) -> Fault,
    ) -> Result<Access<'_, Node>, Fault> {
        let node = self.find_node(ident).await.map_err(missing)?;
        self.authorise_found_node("baremetal:node:get", node, ident)
    }

    /// Asks a rule about whatever belongs to a node (or to nobody); a caller who may not see the
    /// node gets `hidden`.
    ///
    /// # Errors
    /// `hidden`, or 403.
    pub fn authorise_of_node(
        &self,
        rule: &str,
        node: Option<&Node>,
        hidden: impl FnOnce() -> Fault,
    ) -> Result<Access<'_>, Fault> {
        let target = node.map(node_target).unwrap_or_default();
        if !self.permits("baremetal:node:get", &target) {
            return Err(hidden());
        }
        self.require(rule, &target)?;
        Ok(Access {
            call: self,
            object: (),
        })
    }

    /// Finds a node for a ramdisk, which is nobody whom a policy knows.
    ///
    /// # Errors
    /// `NodeNotFound` (404), `InvalidUuidOrName` (400).
    pub async fn node_for_ramdisk(&self, ident: &str) -> Result<Node, Fault> {
        self.find_node(ident).await
    }

    /// Reads without asking: for what has to be known before a rule can be asked.
    pub(crate) fn before_policy(&self) -> &Database {
        &self.state.db
    }

    /// The version gates that come after the object was found.
    ///
    /// # Errors
    /// 406 or 400.
    pub fn late_gates(&self) -> Result<(), Fault> {
        if let Gate::LateNotAcceptable(since) = self.operation.gate
            && !self.version.allows(since)
        {
            return Err(not_acceptable(format!(
                "Request not acceptable. It needs API version {since} or newer."
            )));
        }
        self.args.gate(self.version)
    }

    async fn find_node(&self, ident: &str) -> Result<Node, Fault> {
        match self.find_node_exactly(ident).await {
            Err(fault) if self.json_suffix && fault.is_a(Class::NodeNotFound) => {
                self.find_node_exactly(&format!("{ident}.json")).await
            }
            other => other,
        }
    }

    async fn find_node_exactly(&self, text: &str) -> Result<Node, Fault> {
        let wanted = if let Ok(uuid) = Uuid::parse(text) {
            NodeIdent::Uuid(uuid)
        } else if !self.version.allows(Feature::NodeName) {
            return Err(node_not_found(text));
        } else if ident::is_logical_name_at(text, self.version) {
            NodeIdent::Name(text.to_owned())
        } else {
            return Err(Fault::new(
                Class::InvalidUuidOrName,
                format!("Expected a logical name or UUID but received {text}."),
            ));
        };
        Ok(self.state.db.node(wanted).await?)
    }
}

impl<'c, T> Access<'c, T> {
    /// The request.
    pub fn call(&self) -> &'c Call {
        self.call
    }

    /// The database.
    pub fn db(&self) -> &'c Database {
        &self.call.state.db
    }

    /// The hash rings.
    pub fn ring(&self) -> &'c ConductorRing {
        &self.call.state.ring
    }

    /// What is known of hardware types.
    pub fn driver_facts(&self) -> &'c DriverFacts {
        &self.call.state.driver_facts
    }

    /// The same proof about something else that follows from it.
    pub fn with<U>(self, object: U) -> Access<'c, U> {
        Access {
            call: self.call,
            object,
        }
    }

    /// Whether another rule allows something, without a target.
    pub fn also(&self, rule: &str) -> bool {
        self.call.permits(rule, &Target::default())
    }

    /// Whether a rule without a default was written by an operator and denies something.
    pub fn forbids_where_written(&self, rule: &str) -> bool {
        self.call.state.enforcer.knows(rule) && !self.also(rule)
    }

    /// Requires another rule, about a node.
    ///
    /// # Errors
    /// 403.
    pub fn require_of(&self, rule: &str, node: &Node) -> Result<(), Fault> {
        self.call.require(rule, &node_target(node))
    }

    /// Requires another rule, about whatever has an owner.
    ///
    /// # Errors
    /// 403.
    pub fn require_about(&self, rule: &str, target: &Target) -> Result<(), Fault> {
        self.call.require(rule, target)
    }

    /// Sends a request to a conductor.
    ///
    /// # Errors
    /// What the conductor answers, or that it does not.
    pub async fn send<M: Method>(&self, to: &Destination, request: M) -> Result<M::Reply, Fault> {
        let state = &self.call.state;
        state.rpc.call(&self.call.context, to, request).await
    }

    /// Sends a request to the conductor that serves a node.
    ///
    /// # Errors
    /// `NoValidHost` (404), or as [`Access::send`].
    pub async fn send_for<M: Method>(&self, node: &Node, request: M) -> Result<M::Reply, Fault> {
        let to = self.ring().destination(node).await?;
        self.send(&to, request).await
    }

    /// What the caller may see of a node.
    pub fn visibility(&self, node: Option<&Node>) -> Visibility {
        let call = self.call;
        let target = node.map(node_target).unwrap_or_default();
        let anywhere = Target::default();
        let mut visible = Visibility::PLAIN;
        visible.driver_secrets = call.permits("show_password", &anywhere);
        visible.instance_secrets = call.permits("show_instance_secrets", &anywhere);
        visible.target_properties =
            call.permits("baremetal:volume:view_target_properties", &target);
        if !call.permits("baremetal:node:get:filter_threshold", &target) {
            let sees = |field: &str| call.permits(&format!("baremetal:node:get:{field}"), &target);
            visible.last_error = sees("last_error");
            visible.reservation = sees("reservation");
            visible.driver_info = sees("driver_info");
            visible.driver_internal_info = sees("driver_internal_info");
        }
        visible
    }
}

impl<T> std::ops::Deref for Access<'_, T> {
    type Target = Call;
    fn deref(&self) -> &Call {
        self.call
    }
}

fn node_target(node: &Node) -> Target {
    Target::of(node.owner.clone(), node.lessee.clone())
}

/// 403.
fn forbidden(rule: &str) -> Fault {
    Fault::new(
        Class::HTTPForbidden,
        format!("Access was denied to the following resource: {rule}"),
    )
}

/// `NodeNotFound` (404).
pub fn node_not_found(ident: &str) -> Fault {
    Fault::new(
        Class::NodeNotFound,
        format!("Node {ident} could not be found."),
    )
}
