// Addresses as the limits know them.

#pragma once

#include <boost/asio/ip/address.hpp>
#include <string>

namespace collector::net {

// One IPv4 address, or the /64 network of an IPv6 address: whoever has one address of it has all of them.
// "192.0.2.7", "2001:db8:0:1::/64".
std::string address_key(const boost::asio::ip::address& address);

}  // namespace collector::net
