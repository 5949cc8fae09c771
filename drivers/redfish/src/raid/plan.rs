//! Which disks become which volume. Pure.
//!
//! Volumes with named disks and a size take theirs first, then volumes without named disks are
//! matched by trying, and volumes that want all of named disks come last. Disks of a volume are alike
//! (controller, kind, protocol, size) unless named. Disks are chosen, and volumes are made, in the
//! order in which Ironic 39.0.0 does so: of matched volumes the last one first.

use drivers_redfish_client::ResourcePath;

use super::level::Level;
use super::logical_disk::LogicalDisk;

/// Space is used in stripes of this size, bytes.
const STRIPE: i64 = 64 << 20;
/// Most combinations tried; more disks and volumes than that are matched by naming disks.
const MAX_TRIES: usize = 100_000;

/// A disk that can be part of volumes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PhysicalDisk {
    pub(super) id: String,
    pub(super) path: ResourcePath,
    /// Id of its storage.
    pub(super) storage: String,
    /// `HDD`, `SSD`.
    pub(super) media: Option<String>,
    /// `SAS`, `SATA`, `NVMe`.
    pub(super) protocol: Option<String>,
    /// Bytes.
    pub(super) capacity: i64,
}

/// A volume to be created.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Planned {
    pub(super) level: Level,
    /// Bytes; `None` lets the controller take all there is.
    pub(super) bytes: Option<i64>,
    /// Indices of the disks.
    pub(super) disks: Vec<usize>,
    pub(super) name: Option<String>,
    pub(super) is_root: bool,
}

/// Finds disks for all volumes, or says why there are none.
pub(super) fn plan(wanted: &[LogicalDisk], disks: &[PhysicalDisk]) -> Result<Vec<Planned>, String> {
    let mut plan = Plan {
        disks,
        free: disks.iter().map(|disk| disk.capacity).collect(),
        tries: 0,
    };
    let mut planned = Vec::new();
    for volume in wanted
        .iter()
        .filter(|volume| volume.physical_disks.is_some() && volume.bytes().is_some())
    {
        planned.push(plan.named(volume)?);
    }
    let open: Vec<&LogicalDisk> = wanted
        .iter()
        .filter(|volume| volume.physical_disks.is_none())
        .collect();
    let matched = match plan.matched(&open, &plan.reserved(wanted, true)) {
        Some(matched) => Some(matched),
        None => plan.matched(&open, &plan.reserved(wanted, false)),
    };
    let matched = matched.ok_or("there are no matching disks for all logical disks")?;
    planned.extend(matched.into_iter().rev());
    for volume in wanted.iter().filter(|volume| volume.bytes().is_none()) {
        planned.push(plan.named(volume)?);
    }
    Ok(planned)
}

/// What disks of one volume have in common.
#[derive(PartialEq, Eq)]
struct Kind<'a> {
    storage: &'a str,
    media: Option<&'a str>,
    protocol: Option<&'a str>,
    capacity: i64,
}

struct Plan<'a> {
    disks: &'a [PhysicalDisk],
    /// Bytes left of each disk.
    free: Vec<i64>,
    tries: usize,
}

impl Plan<'_> {
    fn indices(&self, volume: &LogicalDisk) -> Vec<usize> {
        let ids = volume.physical_disks.as_deref().unwrap_or_default();
        (0..self.disks.len())
            .filter(|index| ids.contains(&self.disks[*index].id))
            .collect()
    }

    /// Disks named by volumes that want all of them, which are not given away before; those that may
    /// be shared only if there is another way (`shared`).
    fn reserved(&self, wanted: &[LogicalDisk], shared: bool) -> Vec<usize> {
        wanted
            .iter()
            .filter(|volume| volume.bytes().is_none())
            .filter(|volume| shared || !volume.share_physical_disks)
            .flat_map(|volume| self.indices(volume))
            .collect()
    }

    fn named(&mut self, volume: &LogicalDisk) -> Result<Planned, String> {
        let indices = self.indices(volume);
        let asked = volume.physical_disks.as_deref().unwrap_or_default();
        if indices.len() != asked.len() {
            return Err(format!(
                "of the physical disks {} only {} are there",
                asked.join(", "),
                indices.len()
            ));
        }
        let storage = indices.first().map(|index| &self.disks[*index].storage);
        if indices
            .iter()
            .any(|index| Some(&self.disks[*index].storage) != storage)
        {
            return Err(format!(
                "the physical disks {} belong to different controllers",
                asked.join(", ")
            ));
        }
        self.take(volume, indices)
    }

    /// Books the space of a volume on disks that have it.
    fn take(&mut self, volume: &LogicalDisk, indices: Vec<usize>) -> Result<Planned, String> {
        let level = volume.level().ok_or("the RAID level is not known")?;
        if !level.takes_named(indices.len()) {
            return Err(format!(
                "RAID level {} cannot be made of {} disks",
                level.name,
                indices.len()
            ));
        }
        let data = i64::try_from(level.data_disks(indices.len())).unwrap_or(i64::MAX);
        let smallest = indices
            .iter()
            .map(|index| self.free[*index])
            .min()
            .unwrap_or(0);
        let largest = (smallest / STRIPE)
            .saturating_mul(STRIPE)
            .saturating_mul(data);
        let bytes = volume.bytes().unwrap_or(largest);
        if bytes <= 0 || bytes > largest {
            return Err(format!(
                "{bytes} bytes are wanted but the disks have room for {largest}"
            ));
        }
        let stripes = ceil_div(ceil_div(bytes, STRIPE), data);
        for index in &indices {
            self.free[*index] -= stripes.saturating_mul(STRIPE);
        }
        Ok(Planned {
            level,
            bytes: volume.bytes(),
            disks: indices,
            name: volume.volume_name.clone(),
            is_root: volume.is_root_volume,
        })
    }

    /// Disks for volumes that name none: the first choice that leaves disks for all the others.
    fn matched(&mut self, open: &[&LogicalDisk], reserved: &[usize]) -> Option<Vec<Planned>> {
        let Some((volume, others)) = open.split_first() else {
            return Some(Vec::new());
        };
        let level = volume.level()?;
        for group in self.groups(volume, reserved) {
            for count in (1..=group.len()).filter(|count| level.takes(*count)) {
                if volume
                    .number_of_physical_disks
                    .is_some_and(|wanted| wanted != count)
                {
                    continue;
                }
                self.tries += 1;
                if self.tries > MAX_TRIES {
                    return None;
                }
                let before = self.free.clone();
                if let Ok(taken) = self.take(volume, group[..count].to_vec())
                    && let Some(rest) = self.matched(others, reserved)
                {
                    return Some(std::iter::once(taken).chain(rest).collect());
                }
                self.free = before;
            }
        }
        None
    }

    /// Disks that are alike and suit the volume, those with the least room first.
    fn groups(&self, volume: &LogicalDisk, reserved: &[usize]) -> Vec<Vec<usize>> {
        let same = |wanted: &Option<String>, is: &Option<String>| match (wanted, is) {
            (Some(wanted), Some(is)) => wanted.eq_ignore_ascii_case(is),
            (Some(_), None) => false,
            (None, _) => true,
        };
        let mut groups: Vec<(Kind<'_>, Vec<usize>)> = Vec::new();
        for (index, disk) in self.disks.iter().enumerate() {
            let free = self.free[index];
            let whole = free == disk.capacity;
            let suits = free > 0
                && !reserved.contains(&index)
                && (whole || volume.share_physical_disks)
                && same(&volume.disk_type, &disk.media)
                && same(&volume.interface_type, &disk.protocol)
                && volume
                    .controller
                    .as_ref()
                    .is_none_or(|wanted| *wanted == disk.storage);
            if suits {
                let kind = Kind {
                    storage: &disk.storage,
                    media: disk.media.as_deref(),
                    protocol: disk.protocol.as_deref(),
                    capacity: disk.capacity,
                };
                match groups.iter_mut().find(|(known, _)| *known == kind) {
                    Some((_, group)) => group.push(index),
                    None => groups.push((kind, vec![index])),
                }
            }
        }
        let mut groups: Vec<Vec<usize>> = groups.into_iter().map(|(_, group)| group).collect();
        for group in &mut groups {
            group.sort_by_key(|index| self.free[*index]);
        }
        groups
    }
}

/// Rounds up; both are positive.
const fn ceil_div(number: i64, by: i64) -> i64 {
    number / by + if number % by == 0 { 0 } else { 1 }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const GIB: i64 = 1 << 30;

    fn disks(kinds: &[(&str, i64)]) -> Vec<PhysicalDisk> {
        let disk = |(index, (media, gib)): (usize, &(&str, i64))| PhysicalDisk {
            id: format!("d{index}"),
            path: ResourcePath::parse(&format!("/d/{index}")).unwrap(),
            storage: "s".to_owned(),
            media: Some((*media).to_owned()),
            protocol: Some("SAS".to_owned()),
            capacity: gib * GIB,
        };
        kinds.iter().enumerate().map(disk).collect()
    }

    fn planned(wanted: Value, disks: &[PhysicalDisk]) -> Result<Vec<(String, Vec<usize>)>, String> {
        let wanted: Vec<LogicalDisk> = serde_json::from_value(wanted).unwrap();
        Ok(plan(&wanted, disks)?
            .into_iter()
            .map(|volume| (volume.level.name.to_owned(), volume.disks))
            .collect())
    }

    #[test]
    fn volumes_find_their_disks() {
        let six = disks(&[
            ("SSD", 100),
            ("SSD", 100),
            ("HDD", 1000),
            ("HDD", 1000),
            ("HDD", 1000),
            ("HDD", 1000),
        ]);
        let wanted = json!([
            {"raid_level": "5", "size_gb": 1500, "disk_type": "hdd"},
            {"raid_level": "1", "size_gb": 50, "disk_type": "ssd", "is_root_volume": true}]);
        assert_eq!(
            planned(wanted, &six).unwrap(),
            [
                ("1".to_owned(), vec![0, 1]),
                ("5".to_owned(), vec![2, 3, 4])
            ]
        );
        let spanned = json!([{"raid_level": "1+0", "size_gb": 1500}]);
        assert_eq!(
            planned(spanned, &six).unwrap(),
            [("1+0".to_owned(), vec![2, 3, 4, 5])]
        );
    }

    #[test]
    fn a_choice_that_leaves_nothing_for_the_others_is_given_up() {
        // Both fit on the large disks only if the first does not take them.
        let four = disks(&[("HDD", 100), ("HDD", 100), ("HDD", 900), ("HDD", 900)]);
        let wanted =
            json!([{"raid_level": "1", "size_gb": 50}, {"raid_level": "1", "size_gb": 800}]);
        assert_eq!(
            planned(wanted, &four).unwrap(),
            [("1".to_owned(), vec![2, 3]), ("1".to_owned(), vec![0, 1])]
        );
    }

    #[test]
    fn disks_that_the_bmc_lists_first_are_chosen_first() {
        let four = disks(&[("SSD", 100), ("SSD", 100), ("HDD", 100), ("HDD", 100)]);
        let wanted = json!([{"raid_level": "1", "size_gb": 50}]);
        let chosen = planned(wanted, &four).unwrap();
        assert_eq!(chosen, [("1".to_owned(), vec![0, 1])]);
    }

    #[test]
    fn reserved_disks_that_may_be_shared_are_used_if_there_are_no_others() {
        let two = disks(&[("SSD", 100), ("SSD", 100)]);
        let wanted = |shared: bool| {
            json!([
            {"raid_level": "0", "size_gb": "MAX", "share_physical_disks": shared, "physical_disks": ["d0", "d1"]},
            {"raid_level": "1", "size_gb": 40, "share_physical_disks": true}])
        };
        let chosen = planned(wanted(true), &two).unwrap();
        assert_eq!(
            chosen,
            [("1".to_owned(), vec![0, 1]), ("0".to_owned(), vec![0, 1])]
        );
        assert!(planned(wanted(false), &two).is_err());
    }

    #[test]
    fn whoever_names_disks_may_mirror_on_three() {
        let three = disks(&[("SSD", 100), ("SSD", 100), ("SSD", 100)]);
        let named =
            json!([{"raid_level": "1", "size_gb": "MAX", "physical_disks": ["d0", "d1", "d2"]}]);
        assert_eq!(planned(named, &three).unwrap().len(), 1);
    }

    #[test]
    fn shared_disks_and_what_is_left_of_them() {
        let two = disks(&[("SSD", 100), ("SSD", 100)]);
        let shared = |size: Value| {
            json!([
            {"raid_level": "1", "size_gb": 40, "share_physical_disks": true, "physical_disks": ["d0", "d1"]},
            {"raid_level": "0", "size_gb": size, "share_physical_disks": true, "physical_disks": ["d0", "d1"]}])
        };
        assert_eq!(planned(shared(json!("MAX")), &two).unwrap().len(), 2);
        assert_eq!(planned(shared(json!(120)), &two).unwrap().len(), 2);
        assert!(planned(shared(json!(121)), &two).is_err());
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let two = disks(&[("SSD", 100), ("SSD", 100)]);
        assert!(planned(json!([{"raid_level": "5", "size_gb": 10}]), &two).is_err());
        assert!(
            planned(
                json!([{"raid_level": "1", "size_gb": 10, "number_of_physical_disks": 3}]),
                &two
            )
            .is_err()
        );
        assert!(
            planned(
                json!([{"raid_level": "1", "size_gb": 10, "interface_type": "nvme"}]),
                &two
            )
            .is_err()
        );
        let missing = planned(
            json!([{"raid_level": "1", "size_gb": 10, "physical_disks": ["d0", "d9"]}]),
            &two,
        );
        assert!(missing.unwrap_err().contains("only 1 are there"));
    }
}
