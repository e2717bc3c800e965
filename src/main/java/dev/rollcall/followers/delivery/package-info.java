/**
 * How a delivery gets to its receiver, whatever it is about: where it may go ({@link
 * dev.rollcall.followers.delivery.AddressRules}), how it is signed ({@link
 * dev.rollcall.followers.delivery.Signatures}), and the exchange itself ({@link
 * dev.rollcall.followers.delivery.DeliveryClient}).
 */
@NullMarked
package dev.rollcall.followers.delivery;

import org.jspecify.annotations.NullMarked;
