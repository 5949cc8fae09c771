//! System boot options (IPMI 2.0 §28.12–28.14).

use super::super::bug::Bug;
use super::{Answer, Bmc, Call, code};

pub(super) fn set(bmc: &mut Bmc, call: &Call<'_>) -> Answer {
    let [parameter, data @ ..] = call.data else {
        return Err(code::LENGTH);
    };
    match (parameter & 0x7f, data) {
        (0, [_]) | (4, [_, _]) => Ok(vec![]),
        (3, [keep]) => {
            bmc.machine.boot.keep = *keep;
            Ok(vec![])
        }
        (5, [a, b, c, d, e]) => {
            if !bmc.bugs.is(&Bug::DeafBootFlags) {
                bmc.machine.boot.set([*a, *b, *c, *d, *e], call.now);
            }
            Ok(vec![])
        }
        (0 | 3..=5, _) => Err(code::LENGTH),
        _ => Err(code::PARAMETER),
    }
}

pub(super) fn get(bmc: &mut Bmc, call: &Call<'_>) -> Answer {
    let [parameter, _set, _block] = call.data else {
        return Err(code::LENGTH);
    };
    let mut answer = vec![0x01, *parameter];
    match parameter & 0x7f {
        0 => answer.push(0),
        3 => answer.push(bmc.machine.boot.keep),
        4 => answer.extend([0, 0]),
        5 => answer.extend(bmc.machine.boot.bytes),
        _ => return Err(code::PARAMETER),
    }
    Ok(answer)
}
