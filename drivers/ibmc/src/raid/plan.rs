//! Which disks become which volume. Pure.
//!
//! Volumes that name disks for themselves alone are served first, those that want all there is on
//! any disks last, so that nobody takes what another one needs. Volumes that share disks use a group
//! of disks that exists before they begin a new one.

use super::controller::{Controller, Disk};
use super::level::{JBOD, Level};
use super::logical_disk::LogicalDisk;
use super::selection::{Candidate, choose};

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Hand the disks of a controller through.
    Jbod {
        /// Index of the controller.
        controller: usize,
    },
    /// Create a volume.
    Create(Planned),
}

/// A volume to be created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// Index of the controller.
    pub controller: usize,
    /// Its name.
    pub name: Option<String>,
    /// Its level; `None` in a group of disks that has one.
    pub level: Option<Level>,
    /// iBMC's numbers of its disks; one disk stands for a group that exists.
    pub drives: Vec<i64>,
    /// Bytes; `None` is all there is.
    pub bytes: Option<i64>,
    /// How many spans; `None` in a group that exists.
    pub span: Option<usize>,
    /// Whether the machine boots from it.
    pub bootable: bool,
}

/// Finds disks for all volumes, or says why there are none.
///
/// # Errors
/// The reason, for people.
pub fn plan(wanted: &[LogicalDisk], controllers: &[Controller]) -> Result<Vec<Action>, String> {
    let mut per_controller: Vec<Vec<&LogicalDisk>> = vec![Vec::new(); controllers.len()];
    for volume in wanted {
        per_controller[controller_of(volume, controllers)?].push(volume);
    }
    let mut actions = Vec::new();
    for (index, volumes) in per_controller.into_iter().enumerate() {
        let jbod = volumes
            .iter()
            .filter(|volume| volume.level() == JBOD)
            .count();
        if jbod == 0 {
            let mut disks = Disks::of(index, &controllers[index]);
            actions.extend(disks.serve(volumes)?.into_iter().map(Action::Create));
        } else if jbod == volumes.len() {
            actions.push(Action::Jbod { controller: index });
        } else {
            return Err(format!(
                "controller {} can't have JBOD beside other RAID levels",
                controllers[index].shown()
            ));
        }
    }
    Ok(actions)
}

fn controller_of(volume: &LogicalDisk, controllers: &[Controller]) -> Result<usize, String> {
    let index = match (&volume.controller, controllers) {
        (_, []) => return Err("the machine has no RAID controller".to_owned()),
        (None, [_]) => 0,
        (None, _) => {
            return Err(
                "the machine has several RAID controllers; name one as controller".to_owned(),
            );
        }
        (Some(hint), all) => all
            .iter()
            .position(|controller| controller.is_called(hint))
            .ok_or_else(|| format!("there is no RAID controller {hint}"))?,
    };
    let controller = &controllers[index];
    let level = volume.level();
    if !controller.manageable {
        return Err(format!(
            "controller {} can't be managed by the BMC (OOBSupport)",
            controller.shown()
        ));
    }
    if level != JBOD && !controller.levels.iter().any(|known| known == level.oem) {
        return Err(format!(
            "controller {} has no RAID level {}; it has {}",
            controller.shown(),
            level.name,
            controller.levels.join(", ")
        ));
    }
    Ok(index)
}

/// Disks that hold volumes together.
struct Group {
    /// Indices of its disks, the smallest first.
    disks: Vec<usize>,
    level: Option<Level>,
    /// Bytes that are left.
    left: i64,
}

impl Group {
    fn has_room(&self, bytes: Option<i64>) -> bool {
        self.left >= bytes.unwrap_or(1)
    }

    fn take(&mut self, bytes: Option<i64>) {
        self.left = bytes.map_or(0, |bytes| self.left.saturating_sub(bytes));
    }
}

/// The disks of one controller while they are given away.
struct Disks<'a> {
    index: usize,
    disks: &'a [Disk],
    taken: Vec<bool>,
    groups: Vec<Group>,
}

impl<'a> Disks<'a> {
    fn of(index: usize, controller: &'a Controller) -> Self {
        Disks {
            index,
            disks: &controller.disks,
            taken: vec![false; controller.disks.len()],
            groups: groups(controller),
        }
    }

    fn serve(&mut self, mut volumes: Vec<&LogicalDisk>) -> Result<Vec<Planned>, String> {
        volumes.sort_by_key(|volume| turn(volume));
        volumes.into_iter().map(|volume| self.one(volume)).collect()
    }

    fn one(&mut self, volume: &LogicalDisk) -> Result<Planned, String> {
        let (level, bytes) = (volume.level(), volume.bytes());
        let named = self.named(volume)?;
        if volume.share_physical_disks
            && let Some(group) = self.group(&named, level, bytes)?
        {
            let first = self.groups[group]
                .disks
                .first()
                .copied()
                .unwrap_or_default();
            self.groups[group].take(bytes);
            return self.planned(volume, None, &[first], None);
        }
        let usable: Vec<usize> = match &named {
            Some(named) => named.clone(),
            None => (0..self.disks.len())
                .filter(|index| {
                    let disk = &self.disks[*index];
                    self.is_free(*index)
                        && disk.is_of(
                            volume.disk_type.as_deref(),
                            volume.interface_type.as_deref(),
                        )
                })
                .collect(),
        };
        if let Some(used) = usable.iter().find(|index| !self.is_free(**index)) {
            return Err(format!(
                "disk {} is used by another volume, or is not {}",
                self.disks[*used].id, "UnconfiguredGood"
            ));
        }
        let candidates: Vec<Candidate<'_>> = usable
            .iter()
            .map(|index| Candidate {
                index: *index,
                media: self.disks[*index].media.as_deref(),
                capacity: self.disks[*index].capacity,
            })
            .collect();
        let count = match &named {
            Some(named) => Some(named.len()),
            None => volume.number_of_physical_disks,
        };
        let choice = choose(level, bytes, &candidates, count).map_err(|why| {
            format!(
                "no disks for the volume of RAID level {} and size {}: {why}",
                level.name, volume.size_gb
            )
        })?;
        for index in &choice.disks {
            self.taken[*index] = true;
        }
        if volume.share_physical_disks {
            let mut group = Group {
                disks: choice.disks.clone(),
                level: Some(level),
                left: choice.capacity,
            };
            group.take(bytes);
            self.groups.push(group);
        }
        self.planned(volume, Some(level), &choice.disks, Some(choice.span))
    }

    fn planned(
        &self,
        volume: &LogicalDisk,
        level: Option<Level>,
        disks: &[usize],
        span: Option<usize>,
    ) -> Result<Planned, String> {
        let number = |index: &usize| {
            let disk = &self.disks[*index];
            disk.number
                .ok_or_else(|| format!("the BMC gives disk {} no DriveID", disk.id))
        };
        Ok(Planned {
            controller: self.index,
            name: volume.volume_name.clone(),
            level,
            drives: disks.iter().map(number).collect::<Result<_, _>>()?,
            bytes: volume.bytes(),
            span,
            bootable: volume.is_root_volume,
        })
    }

    fn is_free(&self, index: usize) -> bool {
        !self.taken[index] && self.disks[index].is_unused()
    }

    /// The disks a volume names.
    fn named(&self, volume: &LogicalDisk) -> Result<Option<Vec<usize>>, String> {
        if volume.named_disks().is_empty() {
            return Ok(None);
        }
        let find = |hint: &String| {
            let (media, protocol) = (
                volume.disk_type.as_deref(),
                volume.interface_type.as_deref(),
            );
            let mut disks = self.disks.iter();
            disks
                .position(|disk| disk.is_called(hint) && disk.is_of(media, protocol))
                .ok_or_else(|| format!("there is no disk {hint} of the wanted kind"))
        };
        volume
            .named_disks()
            .iter()
            .map(find)
            .collect::<Result<_, _>>()
            .map(Some)
    }

    /// A group that a sharing volume can go into: the one that has its named disks, or the one that
    /// fits best.
    fn group(
        &self,
        named: &Option<Vec<usize>>,
        level: Level,
        bytes: Option<i64>,
    ) -> Result<Option<usize>, String> {
        let Some(named) = named else {
            let fitting = self
                .groups
                .iter()
                .enumerate()
                .filter(|(_, group)| group.level == Some(level) && group.has_room(bytes));
            let best = match bytes {
                Some(_) => fitting.min_by_key(|(_, group)| group.left),
                None => fitting.max_by_key(|(_, group)| group.left),
            };
            return Ok(best.map(|(index, _)| index));
        };
        let owns = |group: &Group| named.iter().all(|disk| group.disks.contains(disk));
        let Some(index) = self.groups.iter().position(owns) else {
            return Ok(None);
        };
        let group = &self.groups[index];
        if !group.has_room(bytes) {
            return Err("the named disks have no room left".to_owned());
        }
        if group.level != Some(level) {
            return Err(format!(
                "the named disks have RAID level {} already",
                group.level.map_or("?", |level| level.name)
            ));
        }
        Ok(Some(index))
    }
}

/// When a volume's turn comes.
fn turn(volume: &LogicalDisk) -> usize {
    let named = !volume.named_disks().is_empty();
    let sized = volume.bytes().is_some();
    match (volume.share_physical_disks, named, sized) {
        (false, true, _) => 0,
        (false, false, true) => 1,
        (true, true, true) => 2,
        (true, true, false) => 3,
        (true, false, true) => 4,
        (true, false, false) => 5,
        (false, false, false) => 6,
    }
}

/// The groups that the volumes of a controller form.
fn groups(controller: &Controller) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for volume in &controller.volumes {
        let mut disks: Vec<usize> = (0..controller.disks.len())
            .filter(|index| {
                let path = controller.disks[*index].document.path();
                volume.disks.iter().any(|disk| disk.same_resource(path))
            })
            .collect();
        let Some(first) = disks.first() else { continue };
        if let Some(group) = groups.iter_mut().find(|group| group.disks.contains(first)) {
            group.take(Some(volume.capacity));
            continue;
        }
        disks.sort_by_key(|index| controller.disks[*index].capacity);
        let level = volume.level.as_deref().and_then(Level::of_oem);
        let spans = usize::try_from(volume.span.unwrap_or(1))
            .unwrap_or(1)
            .max(1);
        let overhead = level.map_or(0, |level| level.overhead * spans);
        let data = i64::try_from(disks.len().saturating_sub(overhead)).unwrap_or(0);
        let smallest = disks
            .first()
            .map_or(0, |index| controller.disks[*index].capacity);
        let mut group = Group {
            disks,
            level,
            left: smallest.saturating_mul(data),
        };
        group.take(Some(volume.capacity));
        groups.push(group);
    }
    groups
}
