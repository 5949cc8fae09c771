//! Raw readings to numbers: `y = L((M·x + B·10^k1) · 10^k2)` (IPMI 2.0 §36.3).

/// How the raw byte is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnalogFormat {
    /// 0 to 255.
    Unsigned,
    /// One's complement.
    OnesComplement,
    /// Two's complement.
    TwosComplement,
}

impl AnalogFormat {
    /// From bits 7:6 of the units byte; 3 means that there is no number.
    pub const fn from_bits(bits: u8) -> Option<Self> {
        match bits & 0x03 {
            0 => Some(AnalogFormat::Unsigned),
            1 => Some(AnalogFormat::OnesComplement),
            2 => Some(AnalogFormat::TwosComplement),
            _ => None,
        }
    }

    /// The number in `raw`.
    pub fn read(self, raw: u8) -> f64 {
        match self {
            AnalogFormat::Unsigned => f64::from(raw),
            AnalogFormat::OnesComplement => {
                let adjusted = if raw & 0x80 == 0 {
                    raw
                } else {
                    raw.wrapping_add(1)
                };
                f64::from(adjusted.cast_signed())
            }
            AnalogFormat::TwosComplement => f64::from(raw.cast_signed()),
        }
    }
}

/// The function L (IPMI 2.0 table 43-1, byte 24).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Linearization {
    /// y = x.
    Linear,
    /// Natural logarithm.
    Ln,
    /// Logarithm to base 10.
    Log10,
    /// Logarithm to base 2.
    Log2,
    /// e to the power of x.
    E,
    /// 10 to the power of x.
    Exp10,
    /// 2 to the power of x.
    Exp2,
    /// 1/x.
    Reciprocal,
    /// x².
    Square,
    /// x³.
    Cube,
    /// √x.
    SquareRoot,
    /// ∛x.
    CubeRoot,
    /// Not linear: each reading has factors of its own, with which it is linear.
    NonLinear(u8),
}

impl Linearization {
    /// From the record's byte.
    pub const fn from_byte(byte: u8) -> Self {
        match byte & 0x7f {
            0 => Linearization::Linear,
            1 => Linearization::Ln,
            2 => Linearization::Log10,
            3 => Linearization::Log2,
            4 => Linearization::E,
            5 => Linearization::Exp10,
            6 => Linearization::Exp2,
            7 => Linearization::Reciprocal,
            8 => Linearization::Square,
            9 => Linearization::Cube,
            10 => Linearization::SquareRoot,
            11 => Linearization::CubeRoot,
            other => Linearization::NonLinear(other),
        }
    }

    fn apply(self, x: f64) -> f64 {
        match self {
            Linearization::Linear | Linearization::NonLinear(_) => x,
            Linearization::Ln => x.ln(),
            Linearization::Log10 => x.log10(),
            Linearization::Log2 => x.log2(),
            Linearization::E => x.exp(),
            Linearization::Exp10 => 10f64.powf(x),
            Linearization::Exp2 => x.exp2(),
            Linearization::Reciprocal => x.recip(),
            Linearization::Square => x.powi(2),
            Linearization::Cube => x.powi(3),
            Linearization::SquareRoot => x.sqrt(),
            Linearization::CubeRoot => x.cbrt(),
        }
    }
}

/// A 10-bit two's complement number: 8 low bits and 2 high bits.
fn ten_bits(low: u8, high: u8) -> i16 {
    let value = i16::from(low) | i16::from(high & 0x03) << 8;
    if value & 0x200 == 0 {
        value
    } else {
        value - 0x400
    }
}

/// A 4-bit two's complement number.
fn four_bits(nibble: u8) -> i8 {
    let value = (nibble & 0x0f).cast_signed();
    if value & 0x08 == 0 { value } else { value - 16 }
}

/// The numbers of a conversion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Factors {
    /// Multiplier, -512 to 511.
    pub m: i16,
    /// Additive offset, -512 to 511.
    pub b: i16,
    /// k1, exponent of the offset, -8 to 7.
    pub b_exponent: i8,
    /// k2, exponent of the result, -8 to 7.
    pub result_exponent: i8,
    /// Tolerance in half raw counts, 0 to 63.
    pub tolerance: u8,
}

impl Factors {
    /// From the six bytes that records and Get Sensor Reading Factors have them in.
    pub fn decode([m_low, m_high, b_low, b_high, _accuracy, exponents]: [u8; 6]) -> Self {
        Factors {
            m: ten_bits(m_low, m_high >> 6),
            b: ten_bits(b_low, b_high >> 6),
            b_exponent: four_bits(exponents),
            result_exponent: four_bits(exponents >> 4),
            tolerance: m_high & 0x3f,
        }
    }
}

/// How one sensor's readings become numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conversion {
    /// Format of raw values.
    pub format: AnalogFormat,
    /// The function L.
    pub linearization: Linearization,
    /// Its numbers; of a sensor that is not linear, those for its present reading.
    pub factors: Factors,
}

impl Conversion {
    /// The number that `raw` stands for.
    pub fn value(&self, raw: u8) -> f64 {
        let offset = f64::from(self.factors.b) * 10f64.powf(f64::from(self.factors.b_exponent));
        self.scaled(f64::from(self.factors.m) * self.format.read(raw) + offset)
    }

    /// A difference of values, such as a hysteresis: the offset does not count.
    pub fn difference(&self, raw: u8) -> f64 {
        self.scaled(f64::from(self.factors.m) * self.format.read(raw))
    }

    /// Plus or minus so much.
    pub fn tolerance_value(&self) -> f64 {
        self.scaled(f64::from(self.factors.m) * self.format.read(self.factors.tolerance) / 2.0)
    }

    fn scaled(&self, x: f64) -> f64 {
        self.linearization
            .apply(x * 10f64.powf(f64::from(self.factors.result_exponent)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn linear(m: i16, b: i16, b_exponent: i8, result_exponent: i8) -> Conversion {
        Conversion {
            format: AnalogFormat::Unsigned,
            linearization: Linearization::Linear,
            factors: Factors {
                m,
                b,
                b_exponent,
                result_exponent,
                tolerance: 1,
            },
        }
    }

    #[test]
    fn signed_factors() {
        assert_eq!(ten_bits(0xff, 0x03), -1);
        assert_eq!(ten_bits(0x00, 0x02), -512);
        assert_eq!(ten_bits(0xff, 0x01), 511);
        assert_eq!(four_bits(0x0d), -3);
        assert_eq!(four_bits(0x07), 7);
    }

    #[test]
    fn a_twelve_volt_sensor() {
        // 62 mV a count, as server boards have it: 0xc2 is 12.03 V.
        let volts = linear(62, 0, 0, -3);
        assert!((volts.value(0xc2) - 12.028).abs() < 1e-9);
        assert!((volts.tolerance_value() - 0.031).abs() < 1e-9);
    }

    #[test]
    fn the_offset_has_its_own_exponent() {
        let degrees = linear(1, -64, 0, 0);
        assert_eq!(degrees.value(104), 40.0);
        assert_eq!(degrees.difference(2), 2.0);
        assert_eq!(linear(5, 2, 2, -1).value(10), 25.0);
    }

    #[test]
    fn raw_formats() {
        assert_eq!(AnalogFormat::Unsigned.read(0xff), 255.0);
        assert_eq!(AnalogFormat::TwosComplement.read(0xff), -1.0);
        assert_eq!(AnalogFormat::OnesComplement.read(0xff), 0.0);
        assert_eq!(AnalogFormat::OnesComplement.read(0xfe), -1.0);
        assert_eq!(AnalogFormat::from_bits(3), None);
    }

    #[test]
    fn every_linearization() {
        let value = |code, raw| {
            Conversion {
                linearization: Linearization::from_byte(code),
                ..linear(1, 0, 0, 0)
            }
            .value(raw)
        };
        let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(close(value(0, 8), 8.0));
        assert!(close(value(1, 1), 0.0));
        assert!(close(value(2, 100), 2.0));
        assert!(close(value(3, 8), 3.0));
        assert!(close(value(4, 1), std::f64::consts::E));
        assert!(close(value(5, 2), 100.0));
        assert!(close(value(6, 5), 32.0));
        assert!(close(value(7, 4), 0.25));
        assert!(close(value(8, 3), 9.0));
        assert!(close(value(9, 3), 27.0));
        assert!(close(value(10, 9), 3.0));
        assert!(close(value(11, 27), 3.0));
        assert!(close(value(0x70, 5), 5.0));
    }
}
