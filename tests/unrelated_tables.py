"""Twenty databases that hold no job system, though some have tables of such names."""

UNRELATED = (
    # Shops
    (
        "CREATE TABLE orders (id int, status text, created_at timestamptz, total numeric);"
        "CREATE TABLE customers (id int, name text, email text)"
    ),
    (
        "CREATE TABLE carts (id int, state text, started_at timestamptz, finished_at timestamptz);"
        "CREATE TABLE cart_items (cart_id int, sku text, quantity int)"
    ),
    "CREATE TABLE payments (id int, status text, attempts int, last_error text, run_at date)",
    "CREATE TABLE shipments (id int, state text, queue text, scheduled_at timestamptz)",
    "CREATE TABLE version (version int); CREATE TABLE products (id int, name text, state text)",
    # Blogs
    (
        "CREATE TABLE posts (id int, status text, created timestamptz, author text);"
        "CREATE TABLE comments (id int, post_id int, body text, created_at timestamptz)"
    ),
    (
        "CREATE TABLE django_migrations (id int, app text, name text, applied timestamptz);"
        "CREATE TABLE blog_entry (id int, title text, status text, date_done timestamptz)"
    ),
    "CREATE TABLE wp_posts (id int, post_status text, post_date timestamp, guid text)",
    "CREATE TABLE schema_migrations (version varchar(255)); CREATE TABLE articles (id int)",
    # CRMs and people
    (
        "CREATE TABLE leads (id int, state text, owner text, created_on timestamptz);"
        "CREATE TABLE activities (id int, lead_id int, type text, at timestamptz)"
    ),
    (
        "CREATE TABLE job (id int, name text, state text, salary int, created_on date);"
        "CREATE TABLE version (version int)"
    ),
    "CREATE TABLE jobs (id int, title text, attempts int, company text, created_at timestamptz)",
    (
        "CREATE TABLE employees (id int, name text, job_class text, performed_at timestamptz);"
        "CREATE TABLE good_jobs (id int, employee_id int, praise text, created_at timestamptz)"
    ),
    "CREATE TABLE contacts (id int, email text); CREATE TABLE task (id int, queue text, due date)",
    # Others, with the words of job systems
    "CREATE TABLE flow (id int, name text); CREATE TABLE flow_run (id int, flow_id int, size int)",
    (
        "CREATE TABLE task_instance (id int, task_id text, state text);"
        "CREATE TABLE dag_run (id int, dag_id text, state text)"
    ),
    "CREATE TABLE workflow_status (id int, status text, created_at timestamptz, name text)",
    (
        "CREATE TABLE my_pgqueuer (id int, status text, entrypoint text);"
        "CREATE TABLE my_pgqueuer_log (id int, job_id int, status text)"
    ),
    "CREATE TABLE celery_taskmeta (id int, stalks int); CREATE TABLE oban_jobs (town text)",
    "CREATE TABLE video_tasks (id int, title text); CREATE TABLE agent_events (id int, at date)",
)
