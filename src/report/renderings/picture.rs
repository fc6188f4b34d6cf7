//! The charts outside the browser: as SVG that stands alone, and as pictures for Word. Both are set
//! in the typeface that the program carries, whatever the machine has.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};
use serde::Serialize;

use super::filled;
use crate::failure::Fault;
use crate::report::charts::Drawing;
use crate::typesetting::FONTS;

/// How wide a chart is on paper, in pixels of 96 to the inch.
pub const WIDTH: i64 = 560;

/// Fine enough for print: 192 dots to the inch.
const FINENESS: i16 = 2;

#[derive(Serialize)]
struct View<'d> {
    drawing: &'d Drawing,
    width: i64,
}

/// A chart as an SVG file.
pub fn to_svg(drawing: &Drawing) -> Result<String, Fault> {
    let view = View {
        drawing,
        width: WIDTH,
    };
    filled("{{> components/chart}}", &view, "the chart")
}

/// A chart as a PNG file.
pub fn to_png(drawing: &Drawing) -> Result<Vec<u8>, Fault> {
    static TYPEFACE: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
        let mut fonts = fontdb::Database::new();
        for font in FONTS {
            fonts.load_font_data(font.to_vec());
        }
        Arc::new(fonts)
    });
    let fault = |cause: &dyn std::error::Error| {
        Fault::because(&format!("the chart {} cannot be drawn", drawing.id), cause)
    };
    let options = Options {
        fontdb: TYPEFACE.clone(),
        ..Options::default()
    };
    let tree = Tree::from_str(&to_svg(drawing)?, &options).map_err(|cause| fault(&cause))?;
    let fineness = f32::from(FINENESS);
    let size = tree.size().to_int_size().scale_by(fineness);
    let mut picture = size
        .and_then(|size| Pixmap::new(size.width(), size.height()))
        .ok_or_else(|| Fault::new(format!("the chart {} has no size", drawing.id)))?;
    picture.fill(resvg::tiny_skia::Color::WHITE);
    let scale = Transform::from_scale(fineness, fineness);
    resvg::render(&tree, scale, &mut picture.as_mut());
    picture.encode_png().map_err(|cause| fault(&cause))
}
