//! Paints figures into pixels: a plotters backend with true area coverage, so that thin lines and letters stay crisp.
//!
//! The bitmap backend of plotters fills wide lines by the even–odd rule, which leaves holes at sharp bends, and sets
//! letters without their side bearings. Here a shape is the union of its parts, blended once.

use std::convert::Infallible;

use ab_glyph::{Font, ScaleFont, point};
use ab_glyph_rasterizer::Rasterizer;
use plotters::prelude::DrawingBackend;
use plotters::style::text_anchor::HPos;
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind};

use super::font;
use crate::number::f64s;

type Drawn = Result<(), DrawingErrorKind<Infallible>>;
type Ring = Vec<(f32, f32)>;

/// An image in memory, three bytes a pixel, addressed in a finer grid than its pixels.
pub struct Paper<'a> {
    pixels: &'a mut [u8],
    wide: usize,
    high: usize,
    /// Pixels per grid step.
    scale: f32,
}

impl<'a> Paper<'a> {
    /// Paper over `pixels`, which hold `wide` × `high` × 3 bytes.
    pub fn new(pixels: &'a mut [u8], (wide, high): (usize, usize), scale: f32) -> Self {
        assert_eq!(pixels.len(), wide * high * 3, "three bytes a pixel");
        Self { pixels, wide, high, scale }
    }

    fn place(&self, at: BackendCoord) -> (f32, f32) {
        (at.0 as f32 * self.scale, at.1 as f32 * self.scale)
    }

    fn blend(&mut self, x: i64, y: i64, colour: BackendColor, cover: f32) {
        if x < 0 || y < 0 || x >= self.wide as i64 || y >= self.high as i64 {
            return;
        }
        let share = cover.min(1.0) * colour.alpha as f32;
        let start = (y as usize * self.wide + x as usize) * 3;
        let pixel = &mut self.pixels[start..start + 3];
        for (old, new) in pixel.iter_mut().zip(<[u8; 3]>::from(colour.rgb)) {
            *old = (f32::from(*old) + (f32::from(new) - f32::from(*old)) * share).round() as u8;
        }
    }

    /// Fills the union of rings that turn the same way.
    fn fill(&mut self, rings: &[Ring], colour: BackendColor) {
        // Whatever lies beyond twice the page is not seen; the bound keeps the mask small.
        let (wide, high) = (self.wide as f32, self.high as f32);
        let held = |(x, y): (f32, f32)| (x.clamp(-wide, 2.0 * wide), y.clamp(-high, 2.0 * high));
        let points = || rings.iter().flatten().map(|&at| held(at));
        let left = points().fold(f32::MAX, |least, at| least.min(at.0)).floor() - 1.0;
        let top = points().fold(f32::MAX, |least, at| least.min(at.1)).floor() - 1.0;
        let right = points().fold(f32::MIN, |most, at| most.max(at.0)).ceil() + 2.0;
        let bottom = points().fold(f32::MIN, |most, at| most.max(at.1)).ceil() + 2.0;
        if right <= left || bottom <= top {
            return;
        }
        let mut mask = Rasterizer::new((right - left) as usize, (bottom - top) as usize);
        for ring in rings {
            let ends = ring.iter().cycle().skip(1).take(ring.len());
            for (&from, &to) in ring.iter().zip(ends) {
                let (from, to) = (held(from), held(to));
                mask.draw_line(point(from.0 - left, from.1 - top), point(to.0 - left, to.1 - top));
            }
        }
        mask.for_each_pixel_2d(|x, y, cover| {
            if cover > 0.002 {
                self.blend(left as i64 + i64::from(x), top as i64 + i64::from(y), colour, cover);
            }
        });
    }
}

/// A disc as a ring that turns as [`quad`] does.
fn disc(centre: (f32, f32), radius: f32) -> Ring {
    let corners = (12.0 + 4.0 * radius).min(160.0) as usize;
    let at = |i: usize| {
        let turn = -std::f64::consts::TAU * i as f64 / corners as f64;
        (centre.0 + radius * f64s::cos(turn) as f32, centre.1 + radius * f64s::sin(turn) as f32)
    };
    (0..corners).map(at).collect()
}

/// A straight piece of a line as a ring; nothing if its ends coincide.
fn quad(from: (f32, f32), to: (f32, f32), width: f32) -> Option<Ring> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let long = (dx * dx + dy * dy).sqrt();
    let (nx, ny) = (-dy / long * width / 2.0, dx / long * width / 2.0);
    let ring =
        || vec![(from.0 + nx, from.1 + ny), (to.0 + nx, to.1 + ny), (to.0 - nx, to.1 - ny), (from.0 - nx, from.1 - ny)];
    (long > 1e-4).then(ring)
}

impl DrawingBackend for Paper<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        ((self.wide as f32 / self.scale) as u32, (self.high as f32 / self.scale) as u32)
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, at: BackendCoord, colour: BackendColor) -> Drawn {
        let ((left, top), (right, bottom)) = (self.place(at), self.place((at.0 + 1, at.1 + 1)));
        self.fill(&[vec![(left, top), (right, top), (right, bottom), (left, bottom)]], colour);
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(&mut self, a: BackendCoord, b: BackendCoord, style: &S, fill: bool) -> Drawn {
        let corners = [a, (b.0, a.1), b, (a.0, b.1)];
        if fill { self.fill_polygon(corners, style) } else { self.draw_path(corners.into_iter().chain([a]), style) }
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        let points: Vec<(f32, f32)> = path.into_iter().map(|at| self.place(at)).collect();
        let width = style.stroke_width() as f32 * self.scale;
        let mut parts: Vec<Ring> = points.windows(2).filter_map(|ends| quad(ends[0], ends[1], width)).collect();
        if points.len() > 2 {
            parts.extend(points[1..points.len() - 1].iter().map(|&bend| disc(bend, width / 2.0)));
        }
        self.fill(&parts, style.color());
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, at: BackendCoord, radius: u32, style: &S, fill: bool) -> Drawn {
        let mut ring = disc(self.place(at), radius as f32 * self.scale);
        if fill {
            self.fill(&[ring], style.color());
        } else {
            ring.push(ring[0]);
            let width = style.stroke_width() as f32 * self.scale;
            let parts: Vec<Ring> = ring.windows(2).filter_map(|ends| quad(ends[0], ends[1], width)).collect();
            self.fill(&parts, style.color());
        }
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, ring: I, style: &S) -> Drawn {
        let ring: Ring = ring.into_iter().map(|at| self.place(at)).collect();
        self.fill(&[ring], style.color());
        Ok(())
    }

    /// Upright text whose anchor is `VPos::Top`: like the SVG backend, the baseline lies 0.76 em below and the em is
    /// the size over 1.24.
    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Drawn {
        let em = (style.size() / 1.24) as f32 * self.scale;
        let (left, top) = self.place(at);
        let wide = font::width(text, f64::from(em)) as f32;
        let mut pen = match style.anchor().h_pos {
            HPos::Left => left,
            HPos::Center => left - wide / 2.0,
            HPos::Right => left - wide,
        };
        let scaled = font::font().as_scaled(font::scale(em));
        let mut last = None;
        for letter in text.chars() {
            let id = scaled.glyph_id(letter);
            pen += last.map_or(0.0, |last| scaled.kern(last, id));
            let glyph = id.with_scale_and_position(scaled.scale(), point(pen, top + 0.76 * em));
            if let Some(outline) = font::font().outline_glyph(glyph) {
                let corner = outline.px_bounds().min;
                outline.draw(|x, y, cover| {
                    self.blend(corner.x as i64 + i64::from(x), corner.y as i64 + i64::from(y), style.color(), cover);
                });
            }
            pen += scaled.h_advance(id);
            last = Some(id);
        }
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let em = style.size() / 1.24;
        Ok((font::width(text, em).ceil() as u32, em.ceil() as u32))
    }
}

#[cfg(test)]
mod tests {
    use plotters::style::RGBColor;

    use super::*;

    fn painted(draw: impl FnOnce(&mut Paper)) -> Vec<u8> {
        let mut pixels = vec![255; 20 * 20 * 3];
        draw(&mut Paper::new(&mut pixels, (20, 20), 0.5));
        pixels
    }

    fn darkness(pixels: &[u8]) -> f64 {
        pixels.iter().step_by(3).map(|&part| f64::from(255 - part) / 255.0).sum()
    }

    #[test]
    fn shapes_cover_their_area() {
        let black = RGBColor(0, 0, 0);
        let square = painted(|paper| paper.draw_rect((5, 5), (15, 15), &black, true).unwrap());
        assert!((darkness(&square) - 25.0).abs() < 0.1);
        let circle = painted(|paper| paper.draw_circle((20, 20), 10, &black, true).unwrap());
        assert!((darkness(&circle) - 25.0 * std::f64::consts::PI).abs() < 1.0);
        let bend = plotters::style::ShapeStyle {
            color: plotters::style::Color::to_rgba(&black),
            filled: false,
            stroke_width: 4,
        };
        let folded = painted(|paper| paper.draw_path([(4, 20), (36, 20), (4, 20)], &bend).unwrap());
        assert!(
            (darkness(&folded) - 32.0 - std::f64::consts::FRAC_PI_2).abs() < 1.0,
            "a line folded back has no holes"
        );
    }

    #[test]
    fn shapes_off_the_page_do_no_harm() {
        let black = RGBColor(0, 0, 0);
        let far = painted(|paper| paper.draw_circle((-30_000, 50_000), 100, &black, true).unwrap());
        assert_eq!(darkness(&far), 0.0);
        painted(|paper| paper.fill_polygon([(-1_000_000, -9), (1_000_000, 3), (5, 1_000_000)], &black).unwrap());
        painted(|paper| paper.draw_path([(3, 3), (3, 3)], &black).unwrap());
    }
}
