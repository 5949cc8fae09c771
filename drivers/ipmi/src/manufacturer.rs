//! Who made a BMC: IANA enterprise numbers of those who make BMCs and servers.

/// Number and registered name. Supermicro also uses 47488, which is registered for somebody else.
const MANUFACTURERS: &[(u32, &str)] = &[
    (2, "IBM"),
    (11, "Hewlett-Packard"),
    (42, "Sun Microsystems"),
    (111, "Oracle"),
    (116, "Hitachi, Ltd."),
    (119, "NEC Corporation"),
    (186, "Toshiba Corporation"),
    (193, "Ericsson AB"),
    (343, "Intel Corporation"),
    (674, "Dell Inc."),
    (2011, "HUAWEI Technology Co.,Ltd"),
    (3704, "Advanced Micro Devices, Inc"),
    (3902, "Zhongxing Telecom Co.,ltd. (abbr. ZTE)"),
    (4337, "RadiSys Corp."),
    (4753, "MontaVista Software, Inc."),
    (5703, "NVIDIA Corporation"),
    (5771, "Cisco Systems, Inc."),
    (6569, "INVENTEC CORPORATION"),
    (6653, "Tyan Computer Corporation"),
    (7244, "Quanta Computer Inc."),
    (10297, "Advantech Co., Ltd."),
    (
        10368,
        "Fujitsu Technology Solutions GmbH (formerly 'Fujitsu Siemens Computers')",
    ),
    (10437, "Peppercon AG"),
    (10876, "Super Micro Computer Inc."),
    (11129, "Google, Inc."),
    (11183, "Mitac International Corp."),
    (13742, "Raritan Computer, Inc."),
    (15000, "Kontron Canada Inc"),
    (15370, "GIGA-BYTE TECHNOLOGY CO., LTD"),
    (19046, "Lenovo Enterprise Business Group"),
    (20301, "IBM eServer X"),
    (20569, "Inventec Enterprise System Corp."),
    (20974, "American Megatrends, Inc"),
    (22238, "FOXCONN Technology Group"),
    (25506, "H3C"),
    (27500, "Dawning Ltd."),
    (33049, "Mellanox Technologies LTD"),
    (
        37945,
        "Inspur(BeiJing) Electronic Information Industry Co.,Ltd",
    ),
    (40092, "Wiwynn Corporation"),
    (40981, "Facebook, Inc."),
    (42817, "IBM Platform Firmware Division"),
    (45065, "Insyde"),
    (47196, "Hewlett Packard Enterprise"),
    (47488, "Supermicro"),
    (48512, "Inspur Group Co.,Ltd."),
    (49622, "ASRock Rack Incorporation"),
    (49769, "YADRO"),
    (55380, "Nettrix Information Industry Co., Ltd."),
    (58132, "xFusion Digital Technologies Co., Ltd."),
    (60775, "Inspur Computer Technology Co.,Ltd"),
];

/// The registered name, if we have it.
pub fn manufacturer(number: u32) -> Option<&'static str> {
    let row = MANUFACTURERS.iter().find(|row| row.0 == number);
    row.map(|row| row.1)
}

/// The name in lower case, as `properties/vendor` stores it; `unknown (0x…)` where we have none.
pub(crate) fn vendor(number: u32) -> String {
    manufacturer(number).map_or_else(|| format!("unknown ({number:#x})"), str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_listed_once_and_in_order() {
        assert!(MANUFACTURERS.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn names_are_lower_case() {
        assert_eq!(vendor(674), "dell inc.");
        assert_eq!(vendor(0x168b), "cisco systems, inc.");
        assert_eq!(vendor(0x00ff_ff01), "unknown (0xffff01)");
    }
}
