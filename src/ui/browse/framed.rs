//! Pages with many visitors: the content is rendered once and cached, the frame is for each
//! visitor.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::http::content::Content;
use crate::http::page;
use crate::registry::Error;
use crate::ui::problem::Problem;
use crate::ui::views::{FramedPage, Main};
use crate::ui::visitor::Visitor;

impl Content {
    /// Renders the content of a page.
    pub(super) fn render(title: String, page: &impl Template) -> Result<Self, Error> {
        let main = page.render().map_err(Error::internal)?;
        Ok(Self { title, main })
    }

    /// Answers with the content in the visitor's frame.
    pub(super) fn answer(&self, visitor: &Visitor) -> Result<HttpResponse, Problem> {
        let framed = FramedPage {
            shell: visitor.shell(),
            title: &self.title,
            main: Main(&self.main),
        };
        Ok(page::answer(StatusCode::OK, framed.render()?))
    }
}
