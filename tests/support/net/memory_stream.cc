#include "tests/support/net/memory_stream.h"

#include <boost/beast/_experimental/test/stream.hpp>
#include <memory>

namespace support {

namespace {

namespace test = boost::beast::test;

class MemoryStream final : public tls::StreamImpl {
 public:
  explicit MemoryStream(test::stream stream) : stream_{std::move(stream)} {}

  net::any_io_executor get_executor() override { return stream_.get_executor(); }
  void read_some(std::vector<net::mutable_buffer> buffers, tls::Done done) override {
    stream_.async_read_some(buffers, std::move(done));
  }
  void write_some(std::vector<net::const_buffer> buffers, tls::Done done) override {
    stream_.async_write_some(buffers, std::move(done));
  }
  void shutdown(tls::Done done) override {
    stream_.close();
    done({});
  }
  void close() override { stream_.close(); }

 private:
  test::stream stream_;
};

}  // namespace

std::pair<tls::AnyStream, tls::AnyStream> stream_pair(net::io_context& io, test::fail_count* fail) {
  auto first = fail ? test::stream{io, *fail} : test::stream{io};
  auto second = test::connect(first);
  return {tls::AnyStream{std::make_unique<MemoryStream>(std::move(first))},
          tls::AnyStream{std::make_unique<MemoryStream>(std::move(second))}};
}

}  // namespace support
