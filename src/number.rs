//! Arithmetic that gives the same bits on every machine: exp, ln, normal quantile, Poisson by inversion.
//!
//! The platform's own `exp` and `ln` differ between processors. Hot loops use the polynomials here (plain
//! additions and multiplications in `f32`, relative error below 2·10⁻⁷ for `exp`, absolute below 2·10⁻⁷ for `ln`
//! near 1); everything else uses the `libm` crate through [`f64s`].

/// `eˣ` in `f32`: 2ᵏ·e^r with |r| ≤ ½ ln 2 and a degree-6 polynomial; 0 below −87, saturates above 88.
#[inline]
pub fn exp(x: f32) -> f32 {
    const LOG2_E: f32 = std::f32::consts::LOG2_E;
    // ln 2 in two parts, so that x − k·ln 2 keeps its low bits (Cody & Waite 1980).
    const LN2_HIGH: f32 = 0.693_359_4;
    const LN2_LOW: f32 = -2.121_944_4e-4;
    // 1.5·2²³ pushes fractions out: the sum is rounded to a whole number, and its lowest bits are k.
    const ROUND: f32 = 12_582_912.0;
    let within = if x > 88.0 { 88.0 } else { x };
    let rounded = within * LOG2_E + ROUND;
    let k = rounded - ROUND;
    let r = (within - k * LN2_HIGH) - k * LN2_LOW;
    // Pairs of terms side by side (Estrin): they do not wait for each other.
    let q = r * r;
    let p = (1.0 + r) + q * ((0.5 + 0.166_666_67 * r) + q * ((0.041_666_668 + 0.008_333_334 * r) + q * 0.001_388_889));
    let power = p * f32::from_bits((rounded.to_bits() << 23).wrapping_add(1.0_f32.to_bits()));
    if x < -87.0 { 0.0 } else { power }
}

/// Natural logarithm in `f32` for positive normal numbers; −∞-like large negative values are not produced.
///
/// Splits x = 2ᵏ·m with m in [√½, √2) and uses the odd series of 2·artanh((m−1)/(m+1)).
#[inline]
pub fn ln(x: f32) -> f32 {
    debug_assert!(x > 0.0, "the logarithm of {x}");
    // Seen from √½ on, the bits of the exponent are k and the rest is m.
    let above = x.to_bits().wrapping_sub(std::f32::consts::FRAC_1_SQRT_2.to_bits());
    let k = above as i32 >> 23;
    let m = f32::from_bits(x.to_bits().wrapping_sub((k as u32) << 23));
    let s = (m - 1.0) / (m + 1.0);
    let q = s * s;
    let series = 2.0 * s * (1.0 + q * (0.333_333_34 + q * (0.2 + q * (0.142_857_15 + q * 0.111_111_11))));
    series + k as f32 * std::f32::consts::LN_2
}

/// `xʸ` for positive x.
#[inline]
pub fn pow(x: f32, y: f32) -> f32 {
    exp(y * ln(x))
}

/// `1 / (1 + e⁻ˣ)`.
#[inline]
pub fn logistic(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// Probability that a hazard of `rate` per year strikes within a quarter: `1 − e^(−rate/4)`.
#[inline]
pub fn quarterly(rate: f32) -> f32 {
    1.0 - exp(-0.25 * rate)
}

/// Does an event of `rate` per year happen this quarter, given its uniform draw?
///
/// Since 1 − e⁻ˣ ≤ x, most draws are settled without an exponential; the answer is exactly `u < quarterly(rate)`.
#[inline]
pub fn strikes(rate: f32, u: f32) -> bool {
    u < 0.25 * rate && u < quarterly(rate)
}

/// Does an event of `rate` per year happen this quarter, where one of the hazard `first` did not at the same draw?
///
/// Given that, 1 − u is even between 0 and the chance that the first does not happen, and stretched by it a uniform draw of
/// its own: the chance of the second is that of its rate, whatever `first` is.
#[inline]
pub fn strikes_next(first: f32, rate: f32, u: f32) -> bool {
    let left = 1.0 - u;
    left < 0.25 * rate && left < quarterly(rate) * (1.0 - quarterly(first))
}

/// The same as [`strikes`] within a year.
#[inline]
pub fn strikes_in_year(rate: f32, u: f32) -> bool {
    u < rate && u < 1.0 - exp(-rate)
}

/// Poisson count with mean `mean` by inversion of the uniform `u` in (0, 1): monotone in `mean`, at most 64.
#[inline]
pub fn poisson(mean: f32, u: f32) -> u32 {
    let mut term = exp(-mean);
    let mut sum = term;
    let mut n = 0;
    while u >= sum && n < 64 {
        n += 1;
        term *= mean / n as f32;
        sum += term;
    }
    n
}

/// Standard normal quantile by inversion: Acklam's rational approximation, absolute error below 10⁻⁵ in `f32`.
#[inline]
pub fn normal(u: f32) -> f32 {
    const A: [f32; 6] = [-39.696_83, 220.946_1, -275.928_5, 138.357_75, -30.664_8, 2.506_628_3];
    const B: [f32; 5] = [-54.476_1, 161.585_84, -155.698_98, 66.801_31, -13.280_682];
    const C: [f32; 6] = [-0.007_784_894, -0.322_396_46, -2.400_758_3, -2.549_732_5, 4.374_664, 2.938_164];
    const D: [f32; 4] = [0.007_784_696, 0.322_467_14, 2.445_134_2, 3.754_408_7];
    const TAIL: f32 = 0.024_25;
    let tail = |p: f32| {
        let q = f64s::sqrt32(-2.0 * ln(p));
        (((((C[0] * q + C[1]) * q + C[2]) * q + C[3]) * q + C[4]) * q + C[5])
            / ((((D[0] * q + D[1]) * q + D[2]) * q + D[3]) * q + 1.0)
    };
    if u < TAIL {
        tail(u)
    } else if u > 1.0 - TAIL {
        -tail(1.0 - u)
    } else {
        let q = u - 0.5;
        let r = q * q;
        (((((A[0] * r + A[1]) * r + A[2]) * r + A[3]) * r + A[4]) * r + A[5]) * q
            / (((((B[0] * r + B[1]) * r + B[2]) * r + B[3]) * r + B[4]) * r + 1.0)
    }
}

/// Standard Laplace quantile (scale 1).
#[inline]
pub fn laplace(u: f32) -> f32 {
    if u < 0.5 { ln(2.0 * u) } else { -ln(2.0 * (1.0 - u)) }
}

/// Double-precision functions with the same bits everywhere, from the `libm` crate; outside the hot loops.
pub mod f64s {
    pub use libm::{asin, atan2, cos, erf, exp, log as ln, log10, pow, round, sin, sqrt};

    /// Square root in single precision (correctly rounded on every machine).
    #[inline]
    pub fn sqrt32(x: f32) -> f32 {
        x.sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_and_ln_agree_with_double_precision() {
        let mut x = -80.0_f32;
        while x < 80.0 {
            let exact = f64s::exp(f64::from(x));
            assert!((f64::from(exp(x)) / exact - 1.0).abs() < 1e-6, "exp({x})");
            let y = exp(x);
            if y > 1e-35 {
                assert!((f64::from(ln(y)) - f64s::ln(f64::from(y))).abs() < 2e-5, "ln({y})");
            }
            x += 0.0137;
        }
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(ln(1.0), 0.0);
        assert_eq!(exp(-1000.0), 0.0);
    }

    #[test]
    fn normal_quantiles_match_the_error_function() {
        for u in [0.001_f32, 0.01, 0.0242, 0.1, 0.3, 0.5, 0.77, 0.99, 0.9999] {
            let z = f64::from(normal(u));
            let back = 0.5 * (1.0 + f64s::erf(z / std::f64::consts::SQRT_2));
            assert!((back - f64::from(u)).abs() < 2e-6, "u = {u} gave {z}");
        }
    }

    #[test]
    fn poisson_has_its_mean_and_grows_with_it() {
        let n = 20_000;
        for mean in [0.05_f32, 0.7, 3.0] {
            let draws = (0..n).map(|i| poisson(mean, (i as f32 + 0.5) / n as f32));
            let average = f64::from(draws.sum::<u32>()) / f64::from(n);
            assert!((average - f64::from(mean)).abs() < 0.01, "{mean}: {average}");
        }
        for i in 0..100 {
            let u = (i as f32 + 0.5) / 100.0;
            assert!(poisson(0.5, u) <= poisson(0.8, u));
        }
    }

    #[test]
    fn a_second_event_is_as_likely_whatever_the_hazard_of_the_first() {
        let n = 100_000;
        let draw = |i: i32| (i as f32 + 0.5) / n as f32;
        for first in [0.0, 0.5, 2.0, 8.0] {
            let spared: Vec<f32> = (0..n).map(draw).filter(|u| !strikes(first, *u)).collect();
            let second = spared.iter().filter(|u| strikes_next(first, 0.4, **u)).count();
            let share = second as f64 / spared.len() as f64;
            assert!((share - f64::from(quarterly(0.4))).abs() < 1e-4, "{share} after a hazard of {first}");
        }
    }

    #[test]
    fn strikes_is_the_exact_comparison() {
        for i in 0..1000 {
            let u = (i as f32 + 0.5) / 1000.0;
            for rate in [0.0, 0.1, 2.0, 9.0] {
                assert_eq!(strikes(rate, u), u < quarterly(rate));
                assert_eq!(strikes_in_year(rate, u), u < quarterly(4.0 * rate));
            }
        }
    }
}
