//! A node, possibly with its lease, and what waits to be saved.

use std::sync::Arc;

use schemas_db::DbError;
use schemas_model::provision::State;
use schemas_model::{Class, Fault, Node, NodeHistory};
use schemas_rpc::RequestContext;

use super::lease::{Lease, Patience};
use crate::core::Core;
use crate::history::{self, EventType};
use crate::notify::{self, Action, Status};

/// A node to read (shared), or to change (exclusive).
pub struct NodeHold {
    core: Arc<Core>,
    context: Arc<RequestContext>,
    node: Node,
    /// The node as the database has it.
    saved: Node,
    /// State and target as `provision::apply` set them last: nobody else may.
    sealed: (State, Option<State>),
    lease: Option<Lease>,
    history: Vec<NodeHistory>,
}

impl NodeHold {
    pub(super) fn new(
        core: Arc<Core>,
        context: Arc<RequestContext>,
        node: Node,
        lease: Option<Lease>,
    ) -> Self {
        NodeHold {
            core,
            context,
            saved: node.clone(),
            sealed: (node.provision_state, node.target_provision_state),
            node,
            lease,
            history: Vec::new(),
        }
    }

    /// The conductor.
    pub const fn core(&self) -> &Arc<Core> {
        &self.core
    }

    /// Who asked.
    pub const fn context(&self) -> &Arc<RequestContext> {
        &self.context
    }

    /// The node.
    pub const fn node(&self) -> &Node {
        &self.node
    }

    /// The node, to be changed. Its provision state is changed by `provision::apply` only.
    pub const fn node_mut(&mut self) -> &mut Node {
        &mut self.node
    }

    /// Whether the node is locked.
    pub const fn is_exclusive(&self) -> bool {
        self.lease.is_some()
    }

    /// Sets state and target; for `provision::apply`.
    pub(crate) const fn move_to(&mut self, state: State, target: Option<State>) {
        self.node.provision_state = state;
        self.node.target_provision_state = target;
        self.sealed = (state, target);
    }

    /// Tells the notifier.
    pub fn emit(&self, action: Action, status: Status) {
        let notifier = &self.core.notifier;
        notify::emit(notifier, &action, status, &self.node, &self.context);
    }

    /// Records an event in the node's history, at the next save.
    pub fn record(&mut self, event_type: EventType, event: &str) {
        self.push_history(event_type, event, false);
    }

    /// Records a failure: it becomes the node's last error, and a row of its history.
    pub fn record_error(&mut self, event_type: EventType, error: &str) {
        self.node.last_error = Some(error.to_owned());
        self.push_history(event_type, error, true);
    }

    fn push_history(&mut self, event_type: EventType, event: &str, is_error: bool) {
        if event.is_empty() || !self.core.config.conductor.node_history {
            return;
        }
        self.history.push(history::entry(
            &self.node,
            &self.core.host,
            &self.context,
            event_type,
            event,
            is_error,
            self.core.database.now(),
        ));
    }

    /// Saves the columns that have changed, and the recorded history.
    ///
    /// # Errors
    /// `ExclusiveLockRequired` without a lease, `NodeLocked` when the lease was lost; then those of
    /// the database.
    pub async fn save(&mut self) -> Result<(), Fault> {
        self.write(false).await
    }

    /// Saves and ends the hold with one change of the database; returns the node as it was while it
    /// was held. The hold ends also when saving fails.
    ///
    /// # Errors
    /// As [`NodeHold::save`].
    pub async fn save_and_release(mut self) -> Result<Node, Fault> {
        let reservation = self.node.reservation.clone();
        if let Err(fault) = self.write(true).await {
            self.release().await;
            return Err(fault);
        }
        if let Some(lease) = self.lease.take() {
            lease.is_given_back();
        }
        self.node.reservation = reservation;
        Ok(self.node)
    }

    async fn write(&mut self, release: bool) -> Result<(), Fault> {
        let Some(lease) = &self.lease else {
            return Err(Fault::new(
                Class::ExclusiveLockRequired,
                format!(
                    "Node {} is not locked, so it cannot be changed.",
                    self.node.uuid
                ),
            ));
        };
        let state = (self.node.provision_state, self.node.target_provision_state);
        if state != self.sealed {
            return Err(Fault::internal(format!(
                "The provision state of node {} was changed outside the state machine.",
                self.node.uuid
            )));
        }
        if lease.is_lost() {
            return Err(lost(&self.node));
        }
        let longest =
            usize::try_from(self.core.config.default.log_in_db_max_size).unwrap_or(usize::MAX);
        cut(&mut self.node.last_error, longest);
        cut(&mut self.node.maintenance_reason, longest);
        let history = std::mem::take(&mut self.history);
        let database = &self.core.database;
        let (before, after) = (&self.saved, &mut self.node);
        let written = if release {
            let host = lease.host();
            database
                .node_save_and_release(before, after, host, &history)
                .await
        } else {
            let host = Some(lease.host());
            database
                .node_save_recording(before, after, host, &history)
                .await
        };
        match written {
            Ok(()) => self.saved = self.node.clone(),
            Err(DbError::ReservationLost { .. }) => {
                lease.lose();
                tracing::error!(node.uuid = %self.node.uuid, "the lock of the node was lost; its work stops");
                return Err(lost(&self.node));
            }
            Err(error) => {
                self.history = history;
                return Err(error.into());
            }
        }
        Ok(())
    }

    /// Forgets unsaved changes and reads the node again.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn refresh(&mut self) -> Result<(), Fault> {
        let node = self.core.database.node(self.node.id).await?;
        self.sealed = (node.provision_state, node.target_provision_state);
        self.saved = node.clone();
        self.node = node;
        Ok(())
    }

    /// Makes a shared hold exclusive; the node is read again.
    ///
    /// # Errors
    /// `NodeLocked`.
    pub async fn upgrade(&mut self, patience: Patience) -> Result<(), Fault> {
        if self.lease.is_some() {
            return Ok(());
        }
        let (node, lease) = self.core.leases.acquire(&self.node.uuid, patience).await?;
        self.lease = Some(lease);
        self.sealed = (node.provision_state, node.target_provision_state);
        self.saved = node.clone();
        self.node = node;
        Ok(())
    }

    /// Ends the hold.
    pub async fn release(mut self) {
        if let Some(lease) = self.lease.take() {
            lease.release().await;
        }
    }

    /// Ends the hold of a node that was deleted.
    pub fn node_is_gone(mut self) {
        if let Some(lease) = self.lease.take() {
            lease.is_given_back();
        }
    }
}

/// Shortens a text to so many characters (`[DEFAULT]log_in_db_max_size`).
fn cut(text: &mut Option<String>, longest: usize) {
    if let Some(text) = text
        && let Some((end, _)) = text.char_indices().nth(longest)
    {
        text.truncate(end);
    }
}

fn lost(node: &Node) -> Fault {
    Fault::node_locked(format!(
        "Node {} is locked by another host: this conductor lost its lock and stopped working on it.",
        node.uuid
    ))
}
