//! `/docs`: the documentation of Terrakeep itself, open to everybody.
//!
//! Its articles are the Markdown files of `assets/docs/`, compiled in. To add one, write the file,
//! name it in [`articles::SOURCES`] and link to it from `index.md`.

mod articles;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use self::articles::{articles, find};
use super::problem::{Problem, redirect};
use super::views::{ArticleLink, ArticlePage};
use super::visitor::Visitor;
use crate::http::access::Access;
use crate::http::page;
use crate::registry::Error;
use crate::routes;

routes! {
    GET "/docs" => index [Access::Open],
    GET "/docs/{page}" => one [Access::Open],
}

async fn index(visitor: Visitor) -> Result<HttpResponse, Problem> {
    show(&visitor, articles::INDEX)
}

async fn one(visitor: Visitor, page: web::Path<String>) -> Result<HttpResponse, Problem> {
    show(&visitor, &page)
}

/// Answers with the article of that name, or leads to its address if the name is that of its file:
/// articles link to each other as files, so that the links also work where the sources are read.
fn show(visitor: &Visitor, name: &str) -> Result<HttpResponse, Problem> {
    let plain = name.strip_suffix(".md").unwrap_or(name);
    let article = find(plain).ok_or_else(|| Error::NotFound("the page".to_owned()))?;
    if plain != name {
        return Ok(redirect(&article.address()));
    }
    let links = articles().iter().map(|other| ArticleLink {
        href: other.address(),
        title: &other.title,
        is_current: other.name == article.name,
    });
    let html = ArticlePage {
        shell: visitor.shell(),
        title: &article.title,
        links: links.collect(),
        contents: &article.contents,
        text: &article.text,
    }
    .render()?;
    Ok(page::answer(StatusCode::OK, html))
}
