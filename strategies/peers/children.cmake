# Peers that are programs in other languages (docs/child-peers.md), each into peers/ of the build tree. What is missing
# is not built; nothing but `quench run` with their names needs any of it. They are built by the target
# child_peers, not by the default one: their compilers take longer than the rest.
#
# They are built offline from the distribution's packages, and write nothing outside the build tree.

set(peers_dir ${PROJECT_BINARY_DIR}/peers)
set(peers_work ${PROJECT_BINARY_DIR}/peers-work)
add_custom_target(child_peers)

# qn_child_peer(NAME): the program NAME-peers of that folder, installed if it is built
function(qn_child_peer name)
  add_custom_target(${name}_peers DEPENDS ${peers_dir}/${name}-peers)
  add_dependencies(child_peers ${name}_peers)
  install(PROGRAMS ${peers_dir}/${name}-peers DESTINATION ${CMAKE_INSTALL_LIBDIR}/quench/peers COMPONENT quench OPTIONAL)
endfunction()

# The version of an installed package, without the distribution's part; "" if it isn't known.
function(version_of_package package out)
  execute_process(COMMAND dpkg-query -W -f \${Version} ${package} OUTPUT_VARIABLE version ERROR_QUIET RESULT_VARIABLE rc)
  string(REGEX REPLACE "^[0-9]+:|-[^-]*$" "" version "${version}")
  set(${out} "${version}" PARENT_SCOPE)
endfunction()

# Go, in the old mode in which packages come from a folder: no network, no module cache.
find_program(QN_GO go)
find_path(QN_GOPATH src/golang.org/x/sync/errgroup/errgroup.go PATHS /usr/share/gocode NO_DEFAULT_PATH)
if(QN_GO AND QN_GOPATH)
  version_of_package(golang-golang-x-sync-dev errgroup_version)
  file(GLOB go_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/go/*)
  add_custom_command(OUTPUT ${peers_dir}/go-peers
    COMMAND ${CMAKE_COMMAND} -E env
      HOME=${peers_work}/go GOENV=off GO111MODULE=off GOFLAGS= GOPATH=${QN_GOPATH} GOCACHE=${peers_work}/go/cache CGO_ENABLED=0
      ${QN_GO} build -trimpath -buildvcs=false -ldflags "-s -w -X main.errgroupVersion=${errgroup_version}" -o ${peers_dir}/go-peers .
    DEPENDS ${go_sources} WORKING_DIRECTORY ${CMAKE_CURRENT_LIST_DIR}/go VERBATIM COMMENT "Building go-peers")
  qn_child_peer(go)
endif()

# Rust, from the distribution's crates. Cargo writes its lock file beside the sources, so it gets a copy of them. The
# distribution's compiler first, since its crates are made for it.
find_program(QN_CARGO cargo PATHS /usr/bin NO_DEFAULT_PATH)
find_program(QN_CARGO cargo)
find_program(QN_RUSTC rustc PATHS /usr/bin NO_DEFAULT_PATH)
find_program(QN_RUSTC rustc)
set(crates /usr/share/cargo/registry)
foreach(crate libc rayon tokio)
  file(GLOB found ${crates}/${crate}-[0-9]*)
  string(REGEX REPLACE "^.*-" "" ${crate}_version "${found}")
endforeach()
if(QN_CARGO AND QN_RUSTC AND libc_version AND rayon_version AND tokio_version)
  file(GLOB rust_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/rust/Cargo.toml ${CMAKE_CURRENT_LIST_DIR}/rust/src/*.rs)
  file(WRITE ${peers_work}/cargo/config.toml "[source.crates-io]\nreplace-with = \"crates\"\n[source.crates]\ndirectory = \"${crates}\"\n")
  add_custom_command(OUTPUT ${peers_dir}/rust-peers
    COMMAND ${CMAKE_COMMAND} -E copy_directory ${CMAKE_CURRENT_LIST_DIR}/rust ${peers_work}/rust
    COMMAND ${CMAKE_COMMAND} -E env --unset=RUSTFLAGS
      CARGO_HOME=${peers_work}/cargo RUSTC=${QN_RUSTC} RAYON_VERSION=${rayon_version} TOKIO_VERSION=${tokio_version}
      ${QN_CARGO} build --quiet --offline --release --manifest-path ${peers_work}/rust/Cargo.toml --target-dir ${peers_work}/rust-target
    COMMAND ${CMAKE_COMMAND} -E copy ${peers_work}/rust-target/release/rust-peers ${peers_dir}/rust-peers
    DEPENDS ${rust_sources} WORKING_DIRECTORY ${peers_work} VERBATIM COMMENT "Building rust-peers")
  qn_child_peer(rust)
endif()

# Python: the program with the interpreter that was found.
find_package(Python3 3.11 QUIET COMPONENTS Interpreter)
if(Python3_Interpreter_FOUND)
  file(READ ${CMAKE_CURRENT_LIST_DIR}/python/python-peers.py python_source)
  file(CONFIGURE OUTPUT ${peers_work}/python-peers CONTENT "#!${Python3_EXECUTABLE}\n@python_source@" @ONLY)
  add_custom_command(OUTPUT ${peers_dir}/python-peers
    COMMAND ${CMAKE_COMMAND} -E copy ${peers_work}/python-peers ${peers_dir}/python-peers
    COMMAND chmod +x ${peers_dir}/python-peers
    DEPENDS ${peers_work}/python-peers VERBATIM COMMENT "Writing python-peers")
  qn_child_peer(python)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/python/python-peers.py)
endif()
