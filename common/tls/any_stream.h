// A byte stream of any kind behind one type, so that Beast's templates are instantiated once: for the TLS
// stream in the product, for an in-memory pair in tests.

#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace tls {

namespace net = boost::asio;
using boost::system::error_code;

// A move-only completion handler of any type. It carries the cancellation slot of the one inside, so that a
// cancelled coroutine reaches the socket. (asio::any_completion_handler came with Boost 1.82.)
class Done {
 public:
  using cancellation_slot_type = net::cancellation_slot;

  template <class Handler>
  Done(Handler handler, net::any_io_executor executor)
      : slot_{net::get_associated_cancellation_slot(handler)},
        call_{std::make_unique<Call<Handler>>(std::move(handler), std::move(executor))} {}

  cancellation_slot_type get_cancellation_slot() const noexcept { return slot_; }

  void operator()(error_code error, std::size_t bytes = 0) {
    const auto call = std::move(call_);
    call->complete(error, bytes);
  }

 private:
  struct AnyCall {
    virtual ~AnyCall() = default;
    virtual void complete(error_code error, std::size_t bytes) = 0;
  };

  template <class Handler>
  struct Call final : AnyCall {
    Call(Handler&& h, net::any_io_executor e) : handler{std::move(h)}, executor{std::move(e)} {}

    void complete(error_code error, std::size_t bytes) override {
      const auto target = net::get_associated_executor(handler, executor);
      net::dispatch(target, [h = std::move(handler), error, bytes]() mutable { std::move(h)(error, bytes); });
    }

    Handler handler;
    net::any_io_executor executor;
  };

  net::cancellation_slot slot_;
  std::unique_ptr<AnyCall> call_;
};

// What AnyStream holds. One read and one write may be under way at the same time.
class StreamImpl {
 public:
  virtual ~StreamImpl() = default;
  virtual net::any_io_executor get_executor() = 0;
  virtual void read_some(std::vector<net::mutable_buffer> buffers, Done done) = 0;
  virtual void write_some(std::vector<net::const_buffer> buffers, Done done) = 0;
  // Says farewell in the stream's own way, then closes it.
  virtual void shutdown(Done done) = 0;
  // Closes at once; what is under way ends with an error.
  virtual void close() = 0;
};

// Models Beast's AsyncStream, and nothing synchronous.
class AnyStream {
 public:
  using executor_type = net::any_io_executor;
  using lowest_layer_type = AnyStream;  // For asio::ssl::stream on top of it.

  explicit AnyStream(std::unique_ptr<StreamImpl> impl) : impl_{std::move(impl)} {}

  executor_type get_executor() { return impl_->get_executor(); }
  StreamImpl& impl() { return *impl_; }
  lowest_layer_type& lowest_layer() { return *this; }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return net::async_initiate<Token, void(error_code, std::size_t)>(
        [this](auto handler, const Buffers& b) {
          impl_->read_some({net::buffer_sequence_begin(b), net::buffer_sequence_end(b)},
                           Done{std::move(handler), get_executor()});
        },
        token, buffers);
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return net::async_initiate<Token, void(error_code, std::size_t)>(
        [this](auto handler, const Buffers& b) {
          impl_->write_some({net::buffer_sequence_begin(b), net::buffer_sequence_end(b)},
                            Done{std::move(handler), get_executor()});
        },
        token, buffers);
  }

  template <class Token>
  auto async_shutdown(Token&& token) {
    return net::async_initiate<Token, void(error_code)>(
        [this](auto handler) {
          // The executor is asked before the handler is moved from.
          const auto executor = net::get_associated_executor(handler, get_executor());
          auto without_count = [h = std::move(handler)](error_code error, std::size_t) mutable {
            std::move(h)(error);
          };
          impl_->shutdown(Done{net::bind_executor(executor, std::move(without_count)), get_executor()});
        },
        token);
  }

 private:
  std::unique_ptr<StreamImpl> impl_;
};

// Beast finds these three by the type of the stream.
inline void beast_close_socket(AnyStream& stream) {
  stream.impl().close();
}

inline void teardown(boost::beast::role_type, AnyStream& stream, error_code& error) {
  stream.impl().close();
  error = {};
}

template <class Handler>
void async_teardown(boost::beast::role_type, AnyStream& stream, Handler&& handler) {
  // What goes wrong with the farewell must not hide why it is said: a message that is too big, for example.
  const auto executor = net::get_associated_executor(handler, stream.get_executor());
  auto all_well = [h = std::forward<Handler>(handler)](error_code) mutable { std::move(h)(error_code{}); };
  stream.async_shutdown(net::bind_executor(executor, std::move(all_well)));
}

}  // namespace tls
