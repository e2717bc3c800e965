//! The server of the tutorial that Rollcall grew from, with what its chapters show and no more:
//! users in a map behind a lock, a route that joins three requests to other services, and one that
//! does so for many users, a bounded number at once.
//!
//! It keeps nothing on a disk, checks nothing of what it is given, counts and limits nothing, and
//! takes the time of a user from nowhere. So it is a bar to reach, not a like-for-like comparison.
//!
//! Settings come from the environment: PORT; USERS, how many there are from the start; UPSTREAM,
//! the address of the other services. TOKIO_WORKER_THREADS is tokio's own.

use std::collections::HashMap;
use std::convert::Infallible;
use std::env;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::stream::{self, StreamExt};
use serde::{Deserialize, Serialize};
use serde_json::{json, Map, Value};

/// A user with the members that Rollcall's have, so that the answers are as long.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct User {
    id: u64,
    name: String,
    email: Option<String>,
    attributes: Map<String, Value>,
    version: u64,
    created_at: String,
    updated_at: String,
}

#[derive(Deserialize)]
struct Draft {
    name: String,
    email: Option<String>,
    #[serde(default)]
    attributes: Map<String, Value>,
}

#[derive(Deserialize)]
struct Batch {
    ids: Vec<u64>,
    concurrency: usize,
}

struct App {
    users: RwLock<HashMap<u64, User>>,
    client: reqwest::Client,
    upstream: String,
}

type Failed = (StatusCode, &'static str);

const NOT_FOUND: Failed = (StatusCode::NOT_FOUND, "User not found");
const NO_ANSWER: Failed = (StatusCode::BAD_GATEWAY, "a source gave no answer");
const TIME: &str = "2026-01-01T00:00:00.000Z";

#[tokio::main]
async fn main() {
    let number = |name| env::var(name).map_or(0, |text| text.parse().expect("a number"));
    let users = (1..=number("USERS")).map(|id| (id, made_up(id))).collect();
    let app = Arc::new(App {
        users: RwLock::new(users),
        client: reqwest::Client::builder()
            .timeout(Duration::from_secs(1))
            .build()
            .expect("a client"),
        upstream: env::var("UPSTREAM").unwrap_or_default(),
    });
    let routes = Router::new()
        .route("/users", post(create_user))
        .route("/users/{id}", get(get_user))
        .route("/users/{id}/views/profile", get(get_profile))
        .route("/views/profile/batch", post(get_profiles))
        .with_state(app);
    let address = format!("127.0.0.1:{}", number("PORT"));
    let listener = tokio::net::TcpListener::bind(address)
        .await
        .expect("a free port");
    axum::serve(listener, routes).await.expect("a server");
}

/// The user that the benchmark also gives to Rollcall under this id.
fn made_up(id: u64) -> User {
    let attributes = Map::from_iter([("team".to_string(), json!("blue"))]);
    let email = Some(format!("user-{id}@example.org"));
    user(id, format!("User {id}"), email, attributes)
}

fn user(id: u64, name: String, email: Option<String>, attributes: Map<String, Value>) -> User {
    let created_at = TIME.to_string();
    let updated_at = TIME.to_string();
    User {
        id,
        name,
        email,
        attributes,
        version: 1,
        created_at,
        updated_at,
    }
}

fn find(app: &App, id: u64) -> Result<User, Failed> {
    app.users.read().unwrap().get(&id).cloned().ok_or(NOT_FOUND)
}

async fn get_user(State(app): State<Arc<App>>, Path(id): Path<u64>) -> Result<Json<User>, Failed> {
    find(&app, id).map(Json)
}

async fn create_user(
    State(app): State<Arc<App>>,
    Json(draft): Json<Draft>,
) -> (StatusCode, Json<User>) {
    let mut users = app.users.write().unwrap();
    let id = users.len() as u64 + 1;
    let user = user(id, draft.name, draft.email, draft.attributes);
    users.insert(id, user.clone());
    (StatusCode::CREATED, Json(user))
}

async fn get_profile(
    State(app): State<Arc<App>>,
    Path(id): Path<u64>,
) -> Result<Json<Value>, Failed> {
    profile(&app, id).await.map(Json)
}

/// The lines in the order in which they are ready, as the bodies of Rollcall's batches are.
async fn get_profiles(State(app): State<Arc<App>>, Json(batch): Json<Batch>) -> Body {
    let lines = stream::iter(batch.ids)
        .map(move |id| {
            let app = app.clone();
            async move {
                let line = match profile(&app, id).await {
                    Ok(answer) => json!({"id": id, "status": 200, "answer": answer}),
                    Err((status, why)) => {
                        json!({"id": id, "status": status.as_u16(), "problem": why})
                    }
                };
                Ok::<_, Infallible>(format!("{line}\n"))
            }
        })
        .buffer_unordered(batch.concurrency);
    Body::from_stream(lines)
}

async fn profile(app: &App, id: u64) -> Result<Value, Failed> {
    let user = find(app, id)?;
    let (account, orders, loyalty) = tokio::try_join!(
        fetch(app, "accounts", id),
        fetch(app, "orders", id),
        fetch(app, "loyalty", id),
    )
    .map_err(|_| NO_ANSWER)?;
    let sources = json!({"account": account, "orders": orders, "loyalty": loyalty});
    Ok(json!({"user": user, "sources": sources}))
}

async fn fetch(app: &App, what: &str, id: u64) -> reqwest::Result<Value> {
    let url = format!("{}/{what}/{id}", app.upstream);
    app.client
        .get(url)
        .send()
        .await?
        .error_for_status()?
        .json()
        .await
}
